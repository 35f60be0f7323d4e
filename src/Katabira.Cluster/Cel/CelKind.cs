namespace Katabira.Cluster.Cel;

/// <summary>What a value is when a rule runs, and what an expression is known to be when it is compiled.</summary>
internal enum CelKind : byte
{
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Duration,
    Timestamp,
    Url,
    Type,
    Optional,

    /// <summary>The evaluation failed; only <c>&amp;&amp;</c>, <c>||</c> and the quantifiers can make something else of it.</summary>
    Error,

    /// <summary>Types only: an object with declared fields. Its values are maps.</summary>
    Object,

    /// <summary>Types only: anything; checked when the rule runs.</summary>
    Dyn,

    /// <summary>Types only: a placeholder of a generic signature, or the item of an empty list.</summary>
    Parameter,
}
