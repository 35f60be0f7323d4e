using System.Globalization;
using CsCheck;
using Katabira.Model.Authorization;
using Katabira.Model.Kinds;
using Katabira.Model.Resources;
using Xunit;
using static Katabira.Tests.Authorization.Worlds;

namespace Katabira.Tests.Authorization;

/// <summary>What holds for any policies and any connection, tried on many random ones.</summary>
public class AuthorizationProperties
{
    private const int Tries = 300;

    [Fact]
    public void Decide_OrderOfPolicies_NeverMatters() =>
        Gen.Select(All, Gen.Int[0, int.MaxValue]).Sample((world, seed) =>
        {
            var shuffled = world.Policies.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(world.Decide().Line(), shuffled.Model().Decide(world.Request).Line());
            Assert.Equal(Lines(world.Policies.Model().Explain(world.Request)), Lines(shuffled.Model().Explain(world.Request)));
        }, iter: Tries);

    [Fact]
    public void Decide_PolicyAdded_OnlyAllowBesideAllowAdmitsMore() =>
        Gen.Select(All, Policy).Where((world, policy) => world.Policies.All(p => p.Key != policy.Key)).Sample((world, policy) =>
        {
            var before = world.Decide();
            var after = world.With(policy).Decide();
            var allowHolds = world.Policies.Any(p => p.Spec.Action == AuthorizationAction.Allow);
            switch (policy.Spec.Action)
            {
                case AuthorizationAction.Audit:
                    Assert.Equal(before.Line(), after.Line());
                    break;
                case AuthorizationAction.Allow when allowHolds:
                    Assert.True(after.Allowed || !before.Allowed, "one more ALLOW took something away");
                    break;
                default:
                    Assert.True(before.Allowed || !after.Allowed, $"one more {policy.Spec.Action} opened a door");
                    break;
            }
        }, iter: Tries);

    [Fact]
    public void Decide_DryRunAdded_ChangesNothing() =>
        Gen.Select(All, Policy).Where((world, policy) => world.Policies.All(p => p.Key != policy.Key)).Sample((world, policy) =>
        {
            var annotations = new Dictionary<string, string> { [AuthorizationPolicy.DryRunAnnotation] = "true" };
            var dryRun = policy with { Metadata = policy.Metadata with { Annotations = annotations } };
            Assert.Equal(world.Decide().Line(), world.With(dryRun).Decide().Line());
        }, iter: Tries);

    [Fact]
    public void Decide_PlaintextAdmittedByARule_ThatRuleAsksForNoIdentity() =>
        All.Sample(world =>
        {
            var plaintext = world with { Request = world.Request with { Peer = null } };
            var decision = plaintext.Decide();
            if (decision.Cause == AuthorizationCause.Admitted)
            {
                var policy = world.Policies.Single(p => p.Key == decision.Policy!.Key);
                Assert.True(AsksForNoIdentity(policy.Spec.Rules![decision.Rule!.Value]));
            }
        }, iter: Tries);

    /// <summary>Hiding one's identity helps nobody: whoever no policy has heard of fares at least as well. Only a lone star tells the two apart.</summary>
    [Fact]
    public void Decide_Plaintext_FaresNoBetterThanAStranger() =>
        All.Where(world => !world.Policies.Any(p => p.Spec.Rules!.Any(NamesEverybody))).Sample(world =>
        {
            var plaintext = world with { Request = world.Request with { Peer = null } };
            var stranger = world with { Request = world.Request with { Peer = Stranger } };
            Assert.True(stranger.Decide().Allowed || !plaintext.Decide().Allowed);
        }, iter: Tries);

    [Fact]
    public void Decide_ConditionAdded_NarrowsThePolicy() =>
        Gen.Select(All, Conditions, Gen.Int[0, 99]).Where((world, _, _) => world.Policies.Length > 0).Sample((world, condition, which) =>
        {
            var policy = world.Policies[which % world.Policies.Length];
            var narrowed = world.With(WithCondition(policy, condition));
            if (policy.Spec.Action == AuthorizationAction.Allow)
            {
                Assert.True(world.Decide().Allowed || !narrowed.Decide().Allowed, "a condition on an ALLOW opened a door");
            }
            else
            {
                Assert.True(narrowed.Decide().Allowed || !world.Decide().Allowed, "a condition on a refusal closed a door");
            }
        }, iter: Tries);

    [Theory]
    [InlineData("request.headers[x]")]
    [InlineData("request.auth.claims[x]")]
    [InlineData("no.such.key")]
    public void Decide_ConditionThatCannotBeJudged_ClosesAnAllowAndLeavesTheRestAsItIs(string key) =>
        Gen.Select(All, Gen.Int[0, 99]).Where((world, _) => world.Policies.Length > 0).Sample((world, which) =>
        {
            var policy = world.Policies[which % world.Policies.Length];
            var after = world.With(WithCondition(policy, new AuthorizationCondition { Key = key, Values = ["y"] })).Decide();
            if (policy.Spec.Action == AuthorizationAction.Allow)
            {
                Assert.NotEqual(policy.Key, after.Policy?.Key);
                Assert.True(world.Decide().Allowed || !after.Allowed);
            }
            else
            {
                Assert.Equal(world.Decide().Line(), after.Line());
            }
        }, iter: Tries);

    [Fact]
    public void Decide_IPv4AddressesSpelledAsIPv6_ChangeNothing() =>
        All.Sample(world => Assert.Equal(
            world.Decide().Line(),
            (world with
            {
                Request = world.Request with
                {
                    Source = world.Request.Source.MapToIPv6(),
                    Destination = world.Request.Destination.MapToIPv6(),
                    Remote = world.Request.Remote?.MapToIPv6(),
                },
            }).Decide().Line()), iter: Tries);

    [Fact]
    public void Explain_Always_AgreesWithDecide() =>
        All.Sample(world =>
        {
            var model = world.Policies.Model();
            var explanation = model.Explain(world.Request);
            Assert.Equal(model.Decide(world.Request), explanation.Decision);
            Assert.Equal(world.Policies.Length, explanation.Findings.Length);
            var deciding = explanation.Findings.Where(f => f.Fate == AuthorizationFate.Decides).ToArray();
            Assert.Equal(explanation.Decision.Policy, deciding.SingleOrDefault()?.Policy);
            Assert.Equal(explanation.Decision.Rule, deciding.SingleOrDefault()?.Rule);
            Assert.All(explanation.Findings, f => AssertCredible(f, explanation.Decision));
        }, iter: Tries);

    [Fact]
    public void Json_RoundTrip_LosesNothing() =>
        Policy.Sample(policy =>
        {
            var json = AuthorizationPolicy.Kind.Write(policy);
            AuthorizationPolicy.Kind.Read(json, out var again);
            Assert.Equal(json.GetRawText(), AuthorizationPolicy.Kind.Write(again!).GetRawText());
        }, iter: Tries);

    /// <summary>What matches is of no more weight than the decision, and what would have weighed more does not match.</summary>
    private static void AssertCredible(AuthorizationFinding finding, AuthorizationDecision decision)
    {
        var matches = finding.Rule is not null;
        Assert.Equal(matches, finding.Fate is not AuthorizationFate.DoesNotMatch);
        var (refuses, admits) = (finding.Policy.Action is AuthorizationAction.Deny or AuthorizationAction.Custom, finding.Policy.Action == AuthorizationAction.Allow);
        Assert.False(matches && refuses && decision.Allowed, "a refusal matches what was allowed");
        Assert.False(matches && admits && decision.Cause == AuthorizationCause.NotAdmitted, "an ALLOW matches what nobody admitted");
        Assert.False(admits && decision.Cause == AuthorizationCause.NobodyRefuses, "an ALLOW holds where none was seen");
    }

    private static Resource<AuthorizationPolicy> WithCondition(Resource<AuthorizationPolicy> policy, AuthorizationCondition condition) => policy with
    {
        Spec = policy.Spec with { Rules = [.. policy.Spec.Rules!.Select(rule => rule with { When = [.. rule.When ?? [], condition] })] },
    };

    private static IEnumerable<string> Lines(AuthorizationExplanation explanation) =>
        explanation.Findings.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Fate} {f.Policy} {f.Rule} {f.Words}"));
}
