using System.Globalization;
using System.Text;
using Katabira.EndToEnd.Support;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.EndToEnd.Transcripts;

/// <summary>Every transcript with one kubectl. What was really said is in <c>artifacts/transcripts</c> afterwards, if it was not what is written.</summary>
public abstract class KubectlTests(SharedCluster shared, SharedPodCluster pods, string version) : IDisposable
{
    private readonly Workplace _shared = new(shared.Cluster.Kubeconfig, version);

    public void Dispose()
    {
        _shared.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static TheoryData<string> TranscriptsFor(string version) => [.. Transcript.Names.Where(n => Transcript.Read(n, version).Steps.Count > 0)];

    protected async Task ReplayAsync(string name)
    {
        var transcript = Transcript.Read(name, version);
        if (transcript.NeedsPods)
        {
            var cluster = await pods.GetAsync(TestContext.Current.CancellationToken);
            using var workplace = new Workplace(cluster.Kubeconfig, version);
            await ReplayAsync(name, transcript, workplace, new Uri(await cluster.StatusAsync("address", TestContext.Current.CancellationToken)));
        }
        else if (transcript.OwnCluster)
        {
            await using var cluster = await TestCluster.StartAsync(TestContext.Current.CancellationToken);
            using var workplace = new Workplace(cluster.Kubeconfig, version);
            await ReplayAsync(name, transcript, workplace, cluster.Address);
        }
        else
        {
            await ReplayAsync(name, transcript, _shared, shared.Cluster.Address);
        }
    }

    private async Task ReplayAsync(string name, Transcript transcript, Workplace workplace, Uri address)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ns"] = $"{name}-{version.Replace(".", "", StringComparison.Ordinal)}",
            ["address"] = address.GetLeftPart(UriPartial.Authority),
            ["manifests"] = Repository.PathTo("tests/Katabira.EndToEnd/Manifests"),
            ["crds"] = Repository.PathTo("manifests/crds"),
        };
        foreach (var (variable, value) in values)
        {
            workplace.Set(variable, value);
        }
        var differences = new StringBuilder();
        foreach (var step in transcript.Steps)
        {
            var outcome = await workplace.RunAsync(step.Command, TestContext.Current.CancellationToken);
            if (!Holds(step, outcome, values))
            {
                Describe(differences, step, outcome);
            }
        }
        KeepForReaders($"{name}.{version}.txt", differences.ToString());
        Assert.True(differences.Length == 0, $"{Environment.NewLine}{differences}");
    }

    private static bool Holds(Step step, Outcome outcome, Dictionary<string, string> values) =>
        outcome.ExitCode == step.ExitCode
        && Expectation.Holds(step.Stdout, outcome.Stdout, values)
        && Expectation.Holds(step.Stderr, outcome.Stderr, values);

    private static void Describe(StringBuilder text, Step step, Outcome outcome)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"line {step.Line}: {step.Command}");
        Block("stdout", step.Stdout, outcome.Stdout);
        Block("stderr", step.Stderr, outcome.Stderr);
        text.AppendLine(CultureInfo.InvariantCulture, $"  exit code: expected {step.ExitCode}, got {outcome.ExitCode}");

        void Block(string stream, string expected, string got)
        {
            if (expected.Length + got.Length > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {stream}, expected:").Append(Indent(expected));
                text.AppendLine(CultureInfo.InvariantCulture, $"  {stream}, got:").Append(Indent(got));
            }
        }
    }

    private static string Indent(string output) => string.Concat(Expectation.Tidy(output).Split('\n').Select(l => $"    {l}{Environment.NewLine}"));

    private static void KeepForReaders(string name, string differences)
    {
        var folder = Directory.CreateDirectory(Repository.PathTo("artifacts/transcripts"));
        var path = Path.Combine(folder.FullName, name);
        File.Delete(path);
        if (differences.Length > 0)
        {
            File.WriteAllText(path, differences);
        }
    }
}
