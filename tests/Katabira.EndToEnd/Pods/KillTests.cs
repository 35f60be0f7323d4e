using System.Diagnostics;
using System.Globalization;
using Katabira.EndToEnd.Support;
using Xunit;

namespace Katabira.EndToEnd.Pods;

/// <summary>The cluster's process is killed while people work.</summary>
public sealed class KillTests
{
    private const int Operations = 50;
    private const int KillEvery = 10;

    private static readonly Random s_random = new(7);

    [Fact]
    public async Task Kill_DuringFiftyOperations_LosesNothingAcknowledgedAndNoLivingPod()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await CommandLineCluster.CreateAsync(cancel);
        using var user = new Workplace(cluster.Kubeconfig, "1.35");
        user.Set("manifests", Tests.Support.Repository.PathTo("tests/Katabira.EndToEnd/Manifests"));
        await SucceedAsync(user, "kubectl apply -f $manifests/web.yaml && kubectl rollout status deployment/web --timeout=60s && kubectl wait --for=condition=Ready pod/shell --timeout=60s", cancel);
        var before = await LivesAsync(user, cancel);
        var written = new Written();

        for (var i = 0; i < Operations; i++)
        {
            var (name, command) = written.Next(i, s_random);
            var running = user.RunAsync(command, cancel);
            if (i % KillEvery == KillEvery - 1)
            {
                await KillAsync(cluster, cancel);
                written.Outcome(name, command, (await running).ExitCode == 0);
                await cluster.RunAsync(["cluster", "start"], cancel);
            }
            else
            {
                var outcome = await running;
                Assert.True(outcome.ExitCode == 0, outcome.Stderr);
                written.Outcome(name, command, isAcknowledged: true);
            }
        }

        foreach (var (name, allowed) in written.Expected)
        {
            var found = await user.RunAsync($"kubectl get configmap {name} -o jsonpath='{{.data.value}}'", cancel);
            Assert.Contains(found.ExitCode == 0 ? found.Stdout : "gone", allowed);
        }
        Assert.Equal(before, await LivesAsync(user, cancel));
        var answer = await user.RunAsync("kubectl exec shell -- curl -s http://web/", cancel);
        Assert.Equal("hello from web\n", answer.Stdout);
    }

    /// <summary>Each pod and the run of its container, by which a restart would be seen.</summary>
    private static Task<string> LivesAsync(Workplace user, CancellationToken cancel) => SucceedAsync(
        user,
        "kubectl get pods --sort-by=.metadata.name -o jsonpath='{range .items[*]}{.metadata.name} {.status.podIP} {.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}'",
        cancel);

    private static async Task<string> SucceedAsync(Workplace user, string script, CancellationToken cancel)
    {
        var outcome = await user.RunAsync(script, cancel);
        Assert.True(outcome.ExitCode == 0, outcome.Stdout + outcome.Stderr);
        return outcome.Stdout;
    }

    private static async Task KillAsync(CommandLineCluster cluster, CancellationToken cancel)
    {
        using var process = Process.GetProcessById(int.Parse(await cluster.StatusAsync("pid", cancel), CultureInfo.InvariantCulture));
        process.Kill();
        await process.WaitForExitAsync(cancel);
    }

    /// <summary>What may be found of each ConfigMap: one value, or two while nobody knows whether a write was made.</summary>
    private sealed class Written
    {
        private readonly Dictionary<string, string[]> _values = [];

        public IReadOnlyDictionary<string, string[]> Expected => _values;

        /// <summary>A new object, a change of one or its end.</summary>
        public (string Name, string Command) Next(int i, Random random)
        {
            var known = _values.Where(v => v.Value is [not "gone"]).Select(v => v.Key).ToList();
            var name = known.Count == 0 || i % 2 == 0 ? $"op-{i}" : known[random.Next(known.Count)];
            return (name, !known.Contains(name) ? $"kubectl create configmap {name} --from-literal=value={i}"
                : random.Next(3) == 0 ? $"kubectl delete configmap {name}"
                : $"kubectl patch configmap {name} -p '{{\"data\":{{\"value\":\"{i}\"}}}}'");
        }

        public void Outcome(string name, string command, bool isAcknowledged)
        {
            var value = command.Contains(" delete ", StringComparison.Ordinal) ? "gone"
                : new string([.. command[command.IndexOf("value", StringComparison.Ordinal)..].Where(char.IsAsciiDigit)]);
            _values[name] = isAcknowledged ? [value] : [.. _values.GetValueOrDefault(name, ["gone"]), value];
        }
    }
}
