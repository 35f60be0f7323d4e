namespace Katabira.Cluster.Protobuf;

/// <summary>One field of a built-in type. Immutable once the table is bound.</summary>
/// <param name="Name">In JSON; empty for a message whose fields stand in its owner's JSON.</param>
/// <param name="TypeName">A scalar's name or a message's full name.</param>
internal sealed record MessageField(string Name, int Number, FieldShape Shape, ScalarKind Scalar, string TypeName)
{
    /// <summary>True if a written zero is a value; otherwise it is how Go writes an unset field.</summary>
    public bool HasPresence { get; init; }

    /// <summary>True if JSON has the field even when it is zero.</summary>
    public bool IsAlwaysWritten { get; init; }

    public bool IsRequired { get; init; }

    public bool IsInlined => Name.Length == 0;

    /// <summary>The message; null for scalars.</summary>
    public MessageType? Message { get; private set; }

    /// <summary>Called once, while the table is made.</summary>
    public void Bind(Func<string, MessageType> find)
    {
        if (Scalar == ScalarKind.None)
        {
            Message = find(TypeName);
        }
    }
}

/// <summary>How often a field's type stands there.</summary>
internal enum FieldShape
{
    One,
    List,

    /// <summary>A map with string keys.</summary>
    Map,
}

/// <summary>The scalar types that Kubernetes uses.</summary>
internal enum ScalarKind
{
    /// <summary>A message.</summary>
    None,
    String,
    Bool,
    Int32,
    Int64,
    Double,
    Bytes,
}
