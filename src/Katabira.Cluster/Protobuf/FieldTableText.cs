using System.Globalization;

namespace Katabira.Cluster.Protobuf;

/// <summary>Reads the notation of <c>Types/README.md</c>. The files are part of the program: a mistake in one is a FormatException.</summary>
internal static class FieldTableText
{
    public static IEnumerable<MessageType> Parse(string package, string text)
    {
        var current = "";
        foreach (var line in text.Split('\n').Append(""))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                current += line[1..];
                continue;
            }
            if (current.Length > 0)
            {
                yield return Message(package, current);
            }
            current = line.StartsWith('#') ? "" : line;
        }
    }

    private static MessageType Message(string package, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            throw new FormatException($"{package}: no colon in '{line}'");
        }
        const string mark = "kind ";
        var head = line[..colon];
        var isKind = head.StartsWith(mark, StringComparison.Ordinal);
        var fields = line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new($"{package}.{(isKind ? head[mark.Length..] : head)}", isKind, SpecialForm.None, [.. fields.Select(f => Field(package, f))]);
    }

    private static MessageField Field(string package, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (equals < 0 || space < equals)
        {
            throw new FormatException($"{package}: '{text}' is not NAME=NUMBER TYPE");
        }
        var type = text[(space + 1)..];
        var bare = type.TrimEnd('?', '!', '*');
        var marks = type[bare.Length..];
        var shape = bare.StartsWith("[]", StringComparison.Ordinal) ? FieldShape.List : bare.StartsWith("{}", StringComparison.Ordinal) ? FieldShape.Map : FieldShape.One;
        bare = shape == FieldShape.One ? bare : bare[2..];
        var scalar = Scalar(bare);
        return new(
            text[..equals] is "~" ? "" : text[..equals],
            int.Parse(text.AsSpan(equals + 1, space - equals - 1), NumberStyles.None, CultureInfo.InvariantCulture),
            shape,
            scalar,
            scalar == ScalarKind.None && !bare.Contains('.') ? $"{package}.{bare}" : bare)
        {
            HasPresence = marks.Contains('?'),
            IsAlwaysWritten = marks.Contains('!'),
            IsRequired = marks.Contains('*'),
        };
    }

    private static ScalarKind Scalar(string name) => name switch
    {
        "string" => ScalarKind.String,
        "bool" => ScalarKind.Bool,
        "int32" => ScalarKind.Int32,
        "int64" => ScalarKind.Int64,
        "double" => ScalarKind.Double,
        "bytes" => ScalarKind.Bytes,
        _ => ScalarKind.None,
    };
}
