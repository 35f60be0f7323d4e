using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Katabira.Cluster.Protobuf;

/// <summary>One built-in type: its fields by number and by JSON name. Immutable once the table is bound.</summary>
internal sealed class MessageType(string name, bool isKind, SpecialForm form, ImmutableArray<MessageField> fields)
{
    private readonly FrozenDictionary<int, MessageField> _byNumber = fields.ToFrozenDictionary(f => f.Number);
    private FrozenDictionary<string, MessageField> _byJsonName = FrozenDictionary<string, MessageField>.Empty;

    /// <summary>Package and name: <c>core.v1.PodSpec</c>.</summary>
    public string Name => name;

    /// <summary>The name without the package.</summary>
    public string ShortName => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>True if it stands at the top of a document, with <c>apiVersion</c> and <c>kind</c>.</summary>
    public bool IsKind => isKind;

    /// <summary>Anything but <see cref="SpecialForm.None"/>: the JSON is not an object of these fields.</summary>
    public SpecialForm Form => form;

    /// <summary>As on the wire: an inlined message is one field.</summary>
    public ImmutableArray<MessageField> Fields => fields;

    /// <summary>As in JSON: with the fields of inlined messages in their place.</summary>
    public ImmutableArray<MessageField> JsonFields { get; private set; } = [];

    public MessageField? ByNumber(int number) => _byNumber.GetValueOrDefault(number);

    public MessageField? ByJsonName(string jsonName) => _byJsonName.GetValueOrDefault(jsonName);

    /// <summary>Called once, while the table is made.</summary>
    public void Bind(Func<string, MessageType> find)
    {
        foreach (var field in fields)
        {
            field.Bind(find);
        }
    }

    /// <summary>Called once, after every type is bound.</summary>
    public void Flatten()
    {
        JsonFields = [.. Flat(this)];
        _byJsonName = JsonFields.ToFrozenDictionary(f => f.Name);
    }

    public override string ToString() => name;

    private static IEnumerable<MessageField> Flat(MessageType type) =>
        type.Fields.SelectMany(f => f is { IsInlined: true, Message: { } inlined } ? Flat(inlined) : [f]);
}
