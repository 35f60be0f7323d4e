namespace Katabira.Model.Schema;

/// <summary>A rule in the Common Expression Language that the API server enforces, written into the CRD manifest.</summary>
/// <remarks>Our own check of the same demand is C#, in the kind's rules; tests run the same cases through both.</remarks>
/// <param name="rule">The expression; <c>self</c> is the value.</param>
/// <param name="message">What the user reads when it is false.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
internal class CelAttribute(string rule, string message) : Attribute
{
    public string Rule => rule;

    public string Message => message;

    /// <summary>The rule holds for each item of the list, or each value of the map, instead of the whole.</summary>
    public bool Items { get; init; }
}

/// <summary>A length of time of at least a millisecond.</summary>
internal sealed class DurationAttribute() : CelAttribute("duration(self) >= duration('1ms')", Complaint)
{
    public const string Complaint = "must be a valid duration greater than 1ms";
}

/// <summary>A port number that a connection can have.</summary>
internal sealed class PortNumberAttribute() : CelAttribute("self >= 1 && self <= 65535", Complaint)
{
    public const string Complaint = "port must be between 1-65535";
}

/// <summary>At most one field of the group may be set.</summary>
/// <param name="fields">Wire names of the fields.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class AtMostOneAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields => fields;
}
