using System.Collections.Immutable;
using CsCheck;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Mtls;

/// <summary>What holds in every mesh, tried on thousands of random ones.</summary>
public class EffectiveMtlsProperties
{
    private static readonly MeshSettings s_mesh = new();

    [Fact]
    public void Answer_OrderOfPolicies_NeverMatters() =>
        Gen.Select(Meshes.Worlds, Gen.Int[0, int.MaxValue]).Sample((world, seed) =>
        {
            var shuffled = world.Policies.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(
                world.Policies.Explain(world.Workload, world.Port).Lines(),
                shuffled.Explain(world.Workload, world.Port).Lines());
        }, iter: Iterations.Of(20_000));

    /// <summary>UNSET inherits, so only a policy that sets a mode can be made stricter.</summary>
    [Fact]
    public void Answer_AnyPolicyMadeStricter_NeverAdmitsMorePlaintext() =>
        Gen.Select(Meshes.Worlds, Gen.Int[0, 100]).Sample((world, which) =>
        {
            if (world.Policies.Length == 0)
            {
                return;
            }
            var index = which % world.Policies.Length;
            var before = world.Policies.Explain(world.Workload, world.Port).Decision.Mode;
            var after = world.Policies.SetItem(index, Meshes.Stricter(world.Policies[index])).Explain(world.Workload, world.Port).Decision.Mode;
            Assert.True(after >= before, $"{before} became {after}");
        }, iter: Iterations.Of(20_000));

    [Fact]
    public void Ladder_Always_NamesExactlyOneWinner() =>
        Meshes.Worlds.Sample(world =>
        {
            var ladder = world.Policies.Explain(world.Workload, world.Port);
            var winner = Assert.Single(ladder.Rungs, r => r.Fate == Fate.Applied);
            Assert.Equal(ladder.Decision.Winner, winner.Policy);
            Assert.Equal(ladder.Decision.Mode, winner.Says);
            Assert.Equal(ladder.Decision.Level, winner.Level);
            Assert.Equal(RungLevel.Default, ladder.Rungs[^1].Level);
            Assert.Equal(ladder.Rungs.Select(r => r.Level).Order(), ladder.Rungs.Select(r => r.Level));
        }, iter: Iterations.Of(20_000));

    [Fact]
    public void Ladder_PoliciesThatCouldConcernTheWorkload_AllHaveARung() =>
        Meshes.Worlds.Sample(world =>
        {
            var ladder = world.Policies.Explain(world.Workload, world.Port);
            Assert.Equal(
                world.Policies.Where(p => p.Key.Namespace == world.Workload.Key.Namespace || p.Key.Namespace == s_mesh.RootNamespace).Select(p => p.Key.ToString()).Order(),
                ladder.Rungs.Where(r => r.Policy is not null && r.Level != RungLevel.Port).Select(r => r.Policy!.ToString()).Order());
        }, iter: Iterations.Of(20_000));

    [Fact]
    public void Json_RoundTrip_LosesNothing() =>
        Meshes.Worlds.Sample(world =>
        {
            foreach (var policy in world.Policies)
            {
                var json = PeerAuthentication.Kind.Write(policy);
                Assert.True(PeerAuthentication.Kind.Read(json, out var again).Ok || again is not null);
                Assert.Equal(json.GetRawText(), PeerAuthentication.Kind.Write(again!).GetRawText());
            }
        }, iter: Iterations.Of(20_000));

    /// <summary>The index is only a faster way to the same answers, whatever happened before and in whatever order.</summary>
    [Fact]
    public void Index_AnyHistory_AnswersAsTheFunctionDoes() =>
        Gen.Select(Meshes.Worlds.Array[1, 4], Meshes.Workloads.Array[1, 8], Gen.Int[0, int.MaxValue]).Sample((worlds, drawn, seed) =>
        {
            var random = new Random(seed);
            Workload[] workloads = [.. drawn.DistinctBy(w => w.Key)];
            var index = new MtlsIndex(s_mesh);
            var live = new Dictionary<ObjectKey, Resource<PeerAuthentication>>();
            var answers = new Dictionary<ObjectKey, WorkloadMtls>();
            foreach (var policy in worlds.SelectMany(w => w.Policies))
            {
                var workload = workloads[random.Next(workloads.Length)];
                var remove = random.Next(3) == 0;
                ImmutableArray<ObjectKey> changed = [];
                if (remove)
                {
                    live.Remove(policy.Key);
                    changed = index.RemovePolicy(policy.Key);
                }
                else
                {
                    live[policy.Key] = policy;
                    changed = index.Apply(policy);
                }
                changed = [.. changed, .. index.Apply(workload)];
                AssertFaithful(index, live.Values, workloads, answers, changed);
            }
        }, iter: Iterations.Of(2_000));

    /// <summary>Every answer is the function's, and whoever's answer changed was named.</summary>
    private static void AssertFaithful(
        MtlsIndex index, IReadOnlyCollection<Resource<PeerAuthentication>> policies, Workload[] workloads, Dictionary<ObjectKey, WorkloadMtls> answers, ImmutableArray<ObjectKey> changed)
    {
        foreach (var workload in workloads)
        {
            if (index.Find(workload.Key) is not { } answer)
            {
                continue;
            }
            foreach (var port in new ushort?[] { null, 80, 8080 })
            {
                var expected = policies.Explain(workload, port).Decision;
                var actual = port is { } p ? answer.ForPort(p) : answer.Mode;
                Assert.Equal((expected.Mode, expected.Level, expected.Winner?.Key), (actual.Mode, actual.Level, actual.Winner?.Key));
                Assert.Equal(policies.Explain(workload, port).Lines(), index.Explain(workload.Key, port)!.Lines());
            }
            if (!answers.TryGetValue(workload.Key, out var before) || !before.SameAs(answer))
            {
                Assert.Contains(workload.Key, changed);
            }
            answers[workload.Key] = answer;
        }
    }
}
