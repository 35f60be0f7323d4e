using Katabira.Model;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Manifests;

public class CrdManifestTests
{
    public static TheoryData<string> Kinds => [.. KindRegistry.All.Select(k => k.Kind)];

    [Theory, MemberData(nameof(Kinds))]
    public void Manifest_EveryKind_IsWhatTheRecordSays(string kind)
    {
        var resource = KindRegistry.All.Single(k => k.Kind == kind);
        Golden.Equal($"manifests/crds/{resource.CrdName}.yaml", YamlText.Of(CrdManifest.Of(resource)));
    }

    [Fact]
    public void Folder_HasNoOtherManifests() =>
        Assert.Equal(
            KindRegistry.All.Select(k => k.CrdName + ".yaml").Order(StringComparer.Ordinal),
            Directory.GetFiles(Repository.PathTo("manifests/crds")).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal));
}
