using System.Collections.Immutable;
using System.Globalization;
using Katabira.Cluster.Patching;

namespace Katabira.Cluster.Selectors;

/// <summary>How a requirement relates a label to its values.</summary>
internal enum LabelOperator
{
    /// <summary>The label is there and has one of the values.</summary>
    In,

    /// <summary>The label is absent or has none of the values.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is absent.</summary>
    DoesNotExist,

    /// <summary>The label is a number greater than the value.</summary>
    GreaterThan,

    /// <summary>The label is a number less than the value.</summary>
    LessThan,
}

/// <summary>One condition on one label. Immutable; matching takes constant time, however many values there are.</summary>
internal sealed class LabelRequirement
{
    /// <summary>Most complaints about the values of one requirement.</summary>
    private const int MostProblems = 10;

    private readonly HashSet<string> _values;
    private readonly long _number;

    private LabelRequirement(string key, LabelOperator @operator, HashSet<string> values, long number) => (Key, Operator, _values, _number) = (key, @operator, values, number);

    /// <summary>The label's key.</summary>
    public string Key { get; }

    /// <summary>What is asked of it.</summary>
    public LabelOperator Operator { get; }

    /// <summary>Makes a requirement of valid parts.</summary>
    /// <returns>The requirement, or everything that is wrong, in Kubernetes' words.</returns>
    public static (LabelRequirement? Requirement, string Problem) Create(string key, LabelOperator @operator, HashSet<string> values)
    {
        var problems = new List<string>();
        if (LabelSyntax.ProblemOfKey(key) is { } wrong)
        {
            problems.Add($"key: Invalid value: {GoText.Quoted(key)}: {wrong}");
        }
        if (@operator is LabelOperator.In or LabelOperator.NotIn && values.Count == 0)
        {
            problems.Add("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
        }
        if (@operator is LabelOperator.Exists or LabelOperator.DoesNotExist && values.Count > 0)
        {
            problems.Add("values: Invalid value: values set must be empty for exists and does not exist");
        }
        var number = 0L;
        var compares = @operator is LabelOperator.GreaterThan or LabelOperator.LessThan;
        var index = 0;
        foreach (var value in values)
        {
            if (problems.Count < MostProblems && compares && !TryParseNumber(value, out number))
            {
                problems.Add($"values[{index}]: Invalid value: {GoText.Quoted(value)}: for 'Gt', 'Lt' operators, the value must be an integer");
            }
            if (problems.Count < MostProblems && LabelSyntax.ProblemOfValue(value) is { } invalid)
            {
                problems.Add($"values[{index}][{GoText.Shown(key)}]: Invalid value: {GoText.Quoted(value)}: {invalid}");
            }
            index++;
        }
        return problems.Count switch
        {
            0 => (new LabelRequirement(key, @operator, values, number), ""),
            1 => (null, problems[0]),
            _ => (null, $"[{string.Join(", ", problems)}]"),
        };
    }

    /// <summary>True if a label with this value, or null for no such label, meets the requirement.</summary>
    public bool Matches(string? value) => Operator switch
    {
        LabelOperator.In => value is not null && _values.Contains(value),
        LabelOperator.NotIn => value is null || !_values.Contains(value),
        LabelOperator.Exists => value is not null,
        LabelOperator.DoesNotExist => value is null,
        LabelOperator.GreaterThan => value is not null && TryParseNumber(value, out var number) && number > _number,
        _ => value is not null && TryParseNumber(value, out var number) && number < _number,
    };

    /// <summary>The only value that a label may have to meet this, or null.</summary>
    public string? ExactValue => Operator == LabelOperator.In && _values.Count == 1 ? _values.First() : null;

    /// <summary>In the form of a query: <c>app in (a,b)</c>.</summary>
    public override string ToString() => Operator switch
    {
        LabelOperator.Exists => Key,
        LabelOperator.DoesNotExist => "!" + Key,
        LabelOperator.In when _values.Count == 1 => $"{Key}={_values.First()}",
        LabelOperator.NotIn when _values.Count == 1 => $"{Key}!={_values.First()}",
        LabelOperator.In => $"{Key} in ({Sorted()})",
        LabelOperator.NotIn => $"{Key} notin ({Sorted()})",
        LabelOperator.GreaterThan => $"{Key}>{Sorted()}",
        _ => $"{Key}<{Sorted()}",
    };

    private string Sorted() => string.Join(',', _values.ToImmutableSortedSet(StringComparer.Ordinal));

    /// <summary>A signed 64-bit number in decimal, as Go reads it: no spaces, no separators.</summary>
    private static bool TryParseNumber(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
