using System.Globalization;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>The two ways to say what a policy is for: workloads by label, or objects by reference. One of them, or neither.</summary>
internal static class PolicyAttachment
{
    /// <summary>Demands that at most one of selector, targetRef and targetRefs is there.</summary>
    public const string Rule =
        "!(has(self.selector) && (has(self.targetRef) || has(self.targetRefs))) && !(has(self.targetRef) && has(self.targetRefs))";

    /// <summary>What the author reads if more are.</summary>
    public const string Message = "only one of targetRefs or selector can be set";

    public static void Check(
        WorkloadSelector? selector, PolicyTargetReference? targetRef, IReadOnlyList<PolicyTargetReference>? targetRefs, Findings findings)
    {
        if ((selector is null ? 0 : 1) + (targetRef is null ? 0 : 1) + (targetRefs is null ? 0 : 1) > 1)
        {
            findings.Broken("spec", Message);
        }
        selector?.Check("spec.selector", findings);
        targetRef?.Check("spec.targetRef", findings);
        for (var i = 0; i < targetRefs?.Count; i++)
        {
            targetRefs[i].Check(string.Create(CultureInfo.InvariantCulture, $"spec.targetRefs[{i}]"), findings);
        }
    }
}
