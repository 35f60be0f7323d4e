using System.Globalization;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;

namespace Katabira.Tests.Mtls;

/// <summary>Short forms for the worlds that tables describe.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A PeerAuthentication. Empty <paramref name="mode"/>: no <c>mtls</c> at all.</summary>
    /// <param name="key"><c>namespace/name</c>.</param>
    /// <param name="mode">STRICT, PERMISSIVE, DISABLE, UNSET or empty.</param>
    /// <param name="selector">Labels as <c>app=foo,version=v1</c>; <c>{}</c> is an empty selector; null none.</param>
    /// <param name="ports">Entries as <c>80:DISABLE,90:UNSET,100:</c>.</param>
    /// <param name="age">Seconds before <see cref="Now"/>.</param>
    public static Resource<PeerAuthentication> Policy(string key, string mode = "", string? selector = null, string? ports = null, int age = 0) => new()
    {
        ApiVersion = "security.istio.io/v1",
        Kind = "PeerAuthentication",
        Metadata = new ObjectMeta { Namespace = Part(key, 0), Name = Part(key, 1), CreationTimestamp = Now.AddSeconds(-age) },
        Spec = new PeerAuthentication
        {
            Selector = selector is null ? null : new WorkloadSelector { MatchLabels = Labels(selector == "{}" ? "" : selector) },
            Mtls = Mtls(mode),
            PortLevelMtls = ports?.Split(',').ToDictionary(p => p[..p.IndexOf(':')], p => Mtls(p[(p.IndexOf(':') + 1)..]) ?? new MutualTls()),
        },
    };

    /// <summary>A workload. <paramref name="labels"/> as <c>app=foo,version=v1</c>.</summary>
    public static Workload Workload(string key, string labels = "") => new(new ObjectKey(Part(key, 0), Part(key, 1)), Labels(labels));

    public static Dictionary<string, string> Labels(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).ToDictionary(l => l[..l.IndexOf('=')], l => l[(l.IndexOf('=') + 1)..], StringComparer.Ordinal);

    public static EffectiveMode Mode(string text) => Enum.Parse<EffectiveMode>(text, ignoreCase: true);

    public static Ladder Explain(this IEnumerable<Resource<PeerAuthentication>> policies, Workload workload, ushort? port = null, MeshSettings? settings = null)
    {
        settings ??= new MeshSettings();
        return EffectiveMtls.Explain(settings, policies.Select(p => PeerAuthenticationModel.Compile(p, settings)), workload, port);
    }

    /// <summary>A ladder as a person would note it down: <c>Workload foo/default STRICT Shadowed</c>.</summary>
    public static IEnumerable<string> Lines(this Ladder ladder) =>
        ladder.Rungs.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Level} {r.Policy?.Key.ToString() ?? "-"} {r.Says?.Text() ?? "-"} {r.Fate}"));

    private static string Part(string key, int index) => key.Split('/')[index];

    private static MutualTls? Mtls(string mode) => mode.Length == 0 ? null : new MutualTls { Mode = Enum.Parse<MutualTlsMode>(mode, ignoreCase: true) };
}
