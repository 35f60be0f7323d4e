using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Images;

/// <summary>
/// An image that a user describes, in YAML or JSON: <c>name</c>, <c>description</c>, <c>command</c>, <c>args</c>, <c>env</c> (a map), <c>user</c> and
/// <c>group</c> (numbers), <c>workingDir</c>, and <c>files</c>, each with <c>source</c> on the machine, <c>target</c> in the container and perhaps
/// <c>writable</c>. Everything else is refused, and every mistake is named at once. Pure.
/// </summary>
internal static class ImageFile
{
    private const int MostItems = 256;

    private static readonly string[] s_fields = ["name", "description", "command", "args", "env", "user", "group", "workingDir", "files"];
    private static readonly string[] s_fileFields = ["source", "target", "writable"];

    /// <summary>The image, or what is wrong, a line for each field.</summary>
    public static (CatalogImage? Image, ImmutableArray<string> Errors) Read(ReadOnlySpan<byte> content)
    {
        // JSON is YAML
        var body = YamlJson.Read(content);
        if (body.Failure is { } failure)
        {
            return (null, [failure.Message]);
        }
        return body.Node is JsonObject file ? new Reader(file).Read() : (null, ["the file must hold one image: name, command, …"]);
    }

    private sealed class Reader(JsonObject file)
    {
        private readonly ImmutableArray<string>.Builder _errors = ImmutableArray.CreateBuilder<string>();

        public (CatalogImage? Image, ImmutableArray<string> Errors) Read()
        {
            Unknown(file, "", s_fields);
            var name = Text(file, "", "name");
            if (name.Length > 0 && (ImageName.Parse(name, out var error) is not { } parsed || parsed.Digest.Length > 0))
            {
                Add("name", error.Length > 0 ? error : "must not have a digest");
            }
            else if (name.Length == 0)
            {
                Add("name", "is required");
            }
            var image = new CatalogImage
            {
                Name = name,
                Description = Text(file, "", "description") is { Length: > 0 } description ? description : "described in the home",
                Command = Texts("command"),
                Arguments = Texts("args"),
                Environment = Variables(),
                User = new(Number("user"), Number("group")),
                WorkingFolder = Text(file, "", "workingDir") is { Length: > 0 } folder ? Absolute("workingDir", folder) : "/",
                Mounts = Files(),
            };
            if (image.Command.Count == 0 && !_errors.Any(e => e.StartsWith("command", StringComparison.Ordinal)))
            {
                Add("command", "is required: program and first arguments");
            }
            return _errors.Count == 0 ? (image, []) : (null, _errors.ToImmutable());
        }

        private List<string> Variables()
        {
            var variables = new List<string> { BuiltInImages.SearchPath };
            if (!file.Has("env"))
            {
                return variables;
            }
            foreach (var (name, value) in file.Child("env") ?? [])
            {
                if (value.AsText() is not { } text)
                {
                    Add($"env.{name}", "must be a text: put it in quotes");
                }
                else if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal))
                {
                    Add($"env.{name}", "is no name of a variable");
                }
                else
                {
                    variables.RemoveAll(v => v.StartsWith(name + "=", StringComparison.Ordinal));
                    variables.Add($"{name}={text}");
                }
            }
            if (file.Child("env") is null)
            {
                Add("env", "must be a map of names and texts");
            }
            return variables;
        }

        private List<MountSpec> Files()
        {
            var mounts = new List<MountSpec>();
            foreach (var (index, node) in List("files").Index())
            {
                var at = $"files[{index}]";
                if (node is not JsonObject entry)
                {
                    Add(at, "must be a map with source and target");
                    continue;
                }
                Unknown(entry, at + ".", s_fileFields);
                if (entry.Has("writable") && entry["writable"].AsBoolean() is null)
                {
                    Add($"{at}.writable", "must be true or false");
                }
                var (source, target) = (Absolute($"{at}.source", Text(entry, at + ".", "source")), Absolute($"{at}.target", Text(entry, at + ".", "target")));
                mounts.Add(new() { Source = source, Target = target, ReadOnly = !entry.Flag("writable") });
            }
            return mounts;
        }

        private string Absolute(string field, string path)
        {
            if (!path.StartsWith('/') || path.Split('/').Contains("..") || path.Contains('\0', StringComparison.Ordinal))
            {
                Add(field, path.Length == 0 ? "is required" : "must be an absolute path without ..");
            }
            return path;
        }

        private List<string> Texts(string field)
        {
            var texts = new List<string>();
            foreach (var (index, node) in List(field).Index())
            {
                if (node.AsText() is { } text && !text.Contains('\0', StringComparison.Ordinal))
                {
                    texts.Add(text);
                }
                else
                {
                    Add($"{field}[{index}]", "must be a text: put it in quotes");
                }
            }
            return texts;
        }

        private JsonArray List(string field)
        {
            if (!file.Has(field))
            {
                return [];
            }
            if (file.List(field) is not { } list || list.Count > MostItems)
            {
                Add(field, $"must be a list of at most {MostItems}");
                return [];
            }
            return list;
        }

        private string Text(JsonObject owner, string path, string field)
        {
            if (owner.Has(field) && owner[field].AsText() is null)
            {
                Add(path + field, "must be a text");
            }
            return owner.Text(field);
        }

        private uint Number(string field)
        {
            if (!file.Has(field))
            {
                return 0;
            }
            if (file.Integer(field) is not (>= 0 and <= int.MaxValue))
            {
                Add(field, "must be a number from 0 to 2147483647; names of users are not looked up");
                return 0;
            }
            return (uint)file.Count(field);
        }

        private void Unknown(JsonObject owner, string path, string[] known)
        {
            foreach (var (name, _) in owner.Where(m => !known.Contains(m.Key)))
            {
                Add(path + name, string.Create(CultureInfo.InvariantCulture, $"is unknown; there are {string.Join(", ", known)}"));
            }
        }

        private void Add(string field, string what) => _errors.Add($"{JsonEncodedText.Encode(field)} {what}");
    }
}
