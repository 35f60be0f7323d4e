using System.Globalization;
using Katabira.Cli.Output;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Katabira.Cli.Clusters.Kubeconfigs;

/// <summary>A YAML document as its author wrote it, but for comments and layout: styles, tags, anchors and order stay.</summary>
/// <remarks>
/// An alias is a leaf, never the thing it stands for. So a document that a few aliases make astronomically large, or endless, is as small here as its text.
/// </remarks>
internal sealed class YamlTree
{
    /// <summary>Deeper than any kubeconfig, and shallow enough for the stack.</summary>
    private const int MostLevels = 64;

    private readonly ParsingEvent _start;

    private readonly List<YamlTree> _children = [];

    private YamlTree(ParsingEvent start) => _start = start;

    /// <summary>The text of a scalar; null if this is none.</summary>
    public string? Text => (_start as Scalar)?.Value;

    public bool IsMap => _start is MappingStart;

    public bool IsList => _start is SequenceStart;

    /// <summary>Nothing was written where a value belongs: <c>key:</c>, <c>key: null</c> or <c>key: ~</c>.</summary>
    public bool IsNull => SaysNothing(_start);

    /// <summary>The items of a list, or the keys and values of a map by turns.</summary>
    public IReadOnlyList<YamlTree> Children => _children;

    /// <summary>The keys of a map that are scalars.</summary>
    public IEnumerable<string> Keys => _children.Where((_, i) => i % 2 == 0).Select(key => key.Text).OfType<string>();

    /// <summary>A text, in quotes where it needs them.</summary>
    public static YamlTree Of(string text) =>
        new(new Scalar(AnchorName.Empty, TagName.Empty, text, YamlText.IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, isPlainImplicit: true, isQuotedImplicit: true));

    public static YamlTree List(params YamlTree[] items) => With(new SequenceStart(AnchorName.Empty, TagName.Empty, true, SequenceStyle.Block), items);

    public static YamlTree Map(params (string Key, YamlTree Value)[] members) =>
        With(new MappingStart(AnchorName.Empty, TagName.Empty, true, MappingStyle.Block), members.SelectMany(m => (YamlTree[])[Of(m.Key), m.Value]));

    /// <summary>The one document of a text; null if there is none in it.</summary>
    /// <exception cref="FormatException">It is not YAML, more than one document, or too deep.</exception>
    public static YamlTree? Parse(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }
            var root = Read(parser, MostLevels);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? root : throw new FormatException("it holds more than one document");
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line.ToString(CultureInfo.InvariantCulture)}: {e.Message}", e);
        }
    }

    /// <summary>The value of a key; null if the map has no such key, or this is no map.</summary>
    public YamlTree? this[string key] => IndexOf(key) is var i and >= 0 ? _children[i + 1] : null;

    /// <summary>Gives a key of a map a value, in the place it has or at the end.</summary>
    public void Set(string key, YamlTree value)
    {
        if (IndexOf(key) is var i and >= 0)
        {
            _children[i + 1] = value;
        }
        else
        {
            _children.AddRange([Of(key), value]);
        }
    }

    public void Remove(string key)
    {
        if (IndexOf(key) is var i and >= 0)
        {
            _children.RemoveRange(i, 2);
        }
    }

    /// <summary>Puts an item of a list in the place of the one that fits, or at the end.</summary>
    public void Put(YamlTree item, Predicate<YamlTree> inPlaceOf)
    {
        if (_children.FindIndex(inPlaceOf) is var i and >= 0)
        {
            _children[i] = item;
        }
        else
        {
            _children.Add(item);
        }
    }

    public void RemoveAll(Predicate<YamlTree> items) => _children.RemoveAll(items);

    /// <summary>The document as text, in lines as long as it takes.</summary>
    public string Write()
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        foreach (var part in Events())
        {
            // The writer would make an empty text of nothing inside brackets: {a: }.
            emitter.Emit(part is Scalar { Value: "", Style: ScalarStyle.Plain, Tag.IsEmpty: true } nothing
                ? new Scalar(nothing.Anchor, TagName.Empty, "null", ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false)
                : part);
        }
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <summary>Whether every reader would take the two for the same.</summary>
    public bool MeansTheSameAs(YamlTree other) => Events().Select(Meaning).SequenceEqual(other.Events().Select(Meaning));

    private static YamlTree With(ParsingEvent start, IEnumerable<YamlTree> children)
    {
        var tree = new YamlTree(start);
        tree._children.AddRange(children);
        return tree;
    }

    private static YamlTree Read(Parser parser, int levels)
    {
        if (levels == 0)
        {
            throw new FormatException("it is nested too deep");
        }
        var tree = new YamlTree(parser.Consume<ParsingEvent>());
        if (tree.IsMap || tree.IsList)
        {
            while (!parser.Accept<MappingEnd>(out _) && !parser.Accept<SequenceEnd>(out _))
            {
                tree._children.Add(Read(parser, levels - 1));
            }
            parser.MoveNext();
        }
        return tree;
    }

    private IEnumerable<ParsingEvent> Events()
    {
        yield return _start;
        foreach (var part in _children.SelectMany(child => child.Events()))
        {
            yield return part;
        }
        if (IsMap || IsList)
        {
            yield return IsMap ? new MappingEnd() : new SequenceEnd();
        }
    }

    /// <summary>What a reader sees. A word without quotes and without a tag may be a number or a boolean; over several lines it can only be a text.</summary>
    private static (string Kind, string Text, string Tag, string Anchor) Meaning(ParsingEvent part) => part switch
    {
        Scalar nothing when SaysNothing(nothing) => ("word", "null", "", Anchor(nothing)),
        Scalar scalar => (scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty && !scalar.Value.Contains('\n', StringComparison.Ordinal) ? "word" : "text", scalar.Value, Tag(scalar), Anchor(scalar)),
        AnchorAlias alias => ("alias", alias.Value.Value, "", ""),
        NodeEvent start => (start.GetType().Name, "", Tag(start), Anchor(start)),
        _ => (part.GetType().Name, "", "", ""),
    };

    private static bool SaysNothing(ParsingEvent part) => part is Scalar { Style: ScalarStyle.Plain, Value: "" or "null" or "~", Tag.IsEmpty: true };

    private static string Tag(NodeEvent node) => node.Tag.IsEmpty ? "" : node.Tag.Value;

    private static string Anchor(NodeEvent node) => node.Anchor.IsEmpty ? "" : node.Anchor.Value;

    private int IndexOf(string key)
    {
        for (var i = 0; IsMap && i + 1 < _children.Count; i += 2)
        {
            if (_children[i].Text == key)
            {
                return i;
            }
        }
        return -1;
    }
}
