namespace Katabira.Cluster.Objects;

/// <summary>What happens to fields that a kind does not have: the query parameter <c>fieldValidation</c>.</summary>
internal enum FieldValidation
{
    /// <summary>They are dropped, and the client is warned. The default.</summary>
    Warn,

    /// <summary>They are dropped.</summary>
    Ignore,

    /// <summary>They are a 400.</summary>
    Strict,
}
