using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Katabira.Model.Schema;

namespace Katabira.Tests.Manifests;

/// <summary>The summaries of our own documentation comments, so that <c>kubectl explain</c> says what the source says.</summary>
internal sealed partial class ApiDocs
{
    private readonly Dictionary<string, string> _summaries;

    public ApiDocs(Assembly assembly) =>
        _summaries = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => Text(m.Element("summary")!), StringComparer.Ordinal);

    public string? Of(MemberInfo property) => _summaries.GetValueOrDefault($"P:{Name(property.DeclaringType!)}.{property.Name}");

    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{Name(type)}");

    /// <summary>What each member of an enum means: <c>STRICT: Mutual TLS only.</c></summary>
    public string OfMembers(SchemaNode node) =>
        string.Join(' ', node.EnumNames.Zip(Enum.GetNames(node.ClrType), (wire, name) => $"{wire}: {_summaries[$"F:{Name(node.ClrType)}.{name}"]}"));

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    /// <summary>References become the wire name of what they refer to; white space collapses.</summary>
    private static string Text(XElement summary) =>
        Space().Replace(string.Concat(summary.Nodes().Select(n => n switch
        {
            XElement e when e.Attribute("cref") is { } cref => Camel(cref.Value[(cref.Value.LastIndexOfAny(['.', ':']) + 1)..]),
            XElement e => e.Value,
            _ => n.ToString(),
        })), " ").Trim().Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
