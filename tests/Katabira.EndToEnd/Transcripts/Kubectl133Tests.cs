using Katabira.EndToEnd.Support;
using Xunit;

namespace Katabira.EndToEnd.Transcripts;

public class Kubectl133Tests(SharedCluster shared, SharedPodCluster pods) : KubectlTests(shared, pods, Version)
{
    private const string Version = "1.33";

    public static TheoryData<string> Transcripts => TranscriptsFor(Version);

    [Theory, MemberData(nameof(Transcripts))]
    public Task Transcript_Replayed_ShowsWhatKubernetesShows(string name) => ReplayAsync(name);
}
