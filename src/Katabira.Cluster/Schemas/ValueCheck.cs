using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;
using Katabira.Cluster.Cel.Functions;
using Katabira.Cluster.Cel.Go;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Compares a value with the OpenAPI part of its schema: types, bounds, required fields, logical junctors. Owned by one check; not
/// thread-safe.</summary>
/// <remarks>
/// Words and order are those of the API server (kube-openapi, pkg/validation), down to its counting of passed checks, by which it chooses the alternative
/// whose failures it shows.
/// Each visit of a schema costs a step; a value that needs more than <see cref="MostSteps"/> is refused.
/// </remarks>
internal sealed class ValueCheck
{
    /// <summary>About a second. An ordinary object needs some thousands.</summary>
    public const int MostSteps = 20_000_000;

    private readonly FieldIssues _issues;
    private readonly FieldPath _path = new();
    private readonly string? _at;
    private int _stepsLeft;
    private long _failures;
    private int _quiet;

    private ValueCheck(FieldIssues issues, string? at, int mostSteps)
    {
        _issues = issues;
        _at = at;
        _stepsLeft = mostSteps;
    }

    /// <summary>Reports every difference.</summary>
    /// <param name="value">The value, e.g. a whole resource.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="issues">Takes what is wrong.</param>
    /// <param name="at">The field the value stands in, if it is not a whole resource; the sentences count from the value all the same.</param>
    /// <param name="mostSteps">Lower in tests.</param>
    public static void Check(JsonNode? value, StructuralSchema schema, FieldIssues issues, string? at = null, int mostSteps = MostSteps)
    {
        var check = new ValueCheck(issues, at, mostSteps);
        check.Visit(value, schema);
        if (check._stepsLeft < 0)
        {
            issues.Invalid(at ?? FieldIssue.NoPath, "", "validation was stopped because the object is too large for its schema");
        }
    }

    /// <summary>Checks one value and returns how many checks passed.</summary>
    private int Visit(JsonNode? value, StructuralSchema schema)
    {
        if (--_stepsLeft < 0)
        {
            _failures++;
            return 0;
        }
        if (value is null)
        {
            return VisitNull(schema);
        }
        var kind = value.GetValueKind();
        // One for the schema, one for each of its validators that applies: type, junctors, enum, and those of the kind.
        var passed = 3;
        var fits = true;
        if (TypeCheck.Demands(schema))
        {
            fits = TypeFits(value, kind, schema);
            passed += fits ? 2 : 1;
        }
        passed += Junctors(value, schema);
        switch (kind)
        {
            case JsonValueKind.String:
                passed += 1 + (schema.Bounds is { } text ? CheckText(value, schema, text) : 0);
                break;
            case JsonValueKind.Number:
                passed += 2;
                CheckNumber(value, schema, fits);
                break;
            case JsonValueKind.Array:
                passed += 2 + Items((JsonArray)value, schema);
                break;
        }
        if (!schema.Enum.IsEmpty && !EnumCheck.Allows(schema.Enum, value) && Fails())
        {
            _issues.NotSupported(Where(), value, EnumCheck.Texts(schema.Enum));
        }
        return kind == JsonValueKind.Object ? passed + 1 + Members((JsonObject)value, schema) : passed;
    }

    private int VisitNull(StructuralSchema schema)
    {
        var fits = schema.Nullable || (schema.Type == SchemaType.None && !schema.IntOrString);
        if (!fits && Fails())
        {
            _issues.WrongType(Where(), "null", Body($"must be of type {TypeCheck.NameOf(schema)}: \"null\""));
        }
        if (!schema.Enum.IsEmpty && Fails())
        {
            _issues.NotSupported(Where(), null, EnumCheck.Texts(schema.Enum));
        }
        return fits ? 1 : 0;
    }

    private int Items(JsonArray array, StructuralSchema schema)
    {
        var passed = 0;
        for (var i = 0; schema.Items is { } items && i < array.Count && _stepsLeft >= 0; i++)
        {
            _path.Index(i);
            passed += Visit(array[i], items);
            _path.Leave();
        }
        if (schema.Bounds is { } bounds)
        {
            if (array.Count < bounds.MinItems && Fails())
            {
                _issues.Invalid(Where(), array.Count, Body($"should have at least {bounds.MinItems} items"));
            }
            if (array.Count > bounds.MaxItems && Fails())
            {
                _issues.TooMany(Where(), array.Count, bounds.MaxItems.Value);
            }
        }
        return passed;
    }

    private int Members(JsonObject fields, StructuralSchema schema)
    {
        var passed = 0;
        if (schema.Bounds is { } bounds)
        {
            if (fields.Count < bounds.MinProperties && Fails())
            {
                _issues.Invalid(Where(), fields.Count, Body($"should have at least {bounds.MinProperties} properties"));
            }
            if (fields.Count > bounds.MaxProperties && Fails())
            {
                _issues.TooMany(Where(), fields.Count, bounds.MaxProperties.Value);
            }
        }
        foreach (var (name, value) in fields)
        {
            if (_stepsLeft < 0)
            {
                return passed;
            }
            var known = schema.ByName.TryGetValue(name, out var declared);
            if (known || schema.Additional is not null)
            {
                _path.Field(name);
                passed += Visit(value, known ? declared! : schema.Additional!);
                _path.Leave();
            }
            else if (schema.ForbidsAdditional && Fails())
            {
                _issues.Invalid(Where(), name, $"{Dotted()}.{name} in body is a forbidden property");
            }
        }
        foreach (var name in schema.Required)
        {
            if (!fields.ContainsKey(name) && Fails())
            {
                _issues.Required(Where(name));
            }
        }
        return passed;
    }

    private int Junctors(JsonNode value, StructuralSchema schema)
    {
        var passed = 1;
        if (!schema.AnyOf.IsEmpty)
        {
            passed += AnyOf(value, schema);
        }
        if (!schema.OneOf.IsEmpty)
        {
            passed += OneOf(value, schema);
        }
        if (!schema.AllOf.IsEmpty)
        {
            passed += AllOf(value, schema);
        }
        if (schema.Not is { } not && Quietly(value, not).Valid && Fails())
        {
            _issues.Invalid(_at ?? FieldIssue.NoPath, "", $"{GoQuote.Quote(Dotted())} must not validate the schema (not)");
        }
        return passed;
    }

    private int AnyOf(JsonNode value, StructuralSchema schema)
    {
        (StructuralSchema Schema, int Passed)? best = null;
        foreach (var alternative in schema.AnyOf)
        {
            var (valid, passed) = Quietly(value, alternative);
            if (valid)
            {
                return passed;
            }
            if (best is null || passed > best.Value.Passed)
            {
                best = (alternative, passed);
            }
        }
        return Blame(value, best, $"{GoQuote.Quote(Dotted())} must validate at least one schema (anyOf)");
    }

    private int OneOf(JsonNode value, StructuralSchema schema)
    {
        (StructuralSchema Schema, int Passed)? best = null;
        var count = 0;
        var first = 0;
        foreach (var alternative in schema.OneOf)
        {
            var (valid, passed) = Quietly(value, alternative);
            if (valid)
            {
                first = count++ == 0 ? passed : first;
                best = null;
            }
            else if (count == 0 && (best is null || passed > best.Value.Passed))
            {
                best = (alternative, passed);
            }
        }
        if (count == 1)
        {
            return first;
        }
        var found = count == 0 ? "Found none valid" : string.Create(CultureInfo.InvariantCulture, $"Found {count} valid alternatives");
        return Blame(value, best, $"{GoQuote.Quote(Dotted())} must validate one and only one schema (oneOf). {found}");
    }

    /// <summary>Reports that no alternative fits, and what the nearest one misses.</summary>
    private int Blame(JsonNode value, (StructuralSchema Schema, int Passed)? best, string message)
    {
        if (Fails())
        {
            _issues.Invalid(_at ?? FieldIssue.NoPath, "", message);
            if (best is { } nearest)
            {
                Visit(value, nearest.Schema);
            }
        }
        return best?.Passed ?? 0;
    }

    private int AllOf(JsonNode value, StructuralSchema schema)
    {
        var (passed, valid) = (0, 0);
        foreach (var part in schema.AllOf)
        {
            var before = _failures;
            passed += Visit(value, part);
            valid += _failures == before ? 1 : 0;
        }
        if (valid != schema.AllOf.Length && Fails())
        {
            var none = valid == 0 ? ". None validated" : "";
            _issues.Invalid(_at ?? FieldIssue.NoPath, "", $"{GoQuote.Quote(Dotted())} must validate all the schemas (allOf){none}");
        }
        return passed;
    }

    /// <summary>Tries a schema without reporting anything.</summary>
    private (bool Valid, int Passed) Quietly(JsonNode value, StructuralSchema schema)
    {
        var before = _failures;
        _quiet++;
        var passed = Visit(value, schema);
        _quiet--;
        var valid = _failures == before;
        _failures = before;
        return (valid && _stepsLeft >= 0, passed);
    }

    private bool TypeFits(JsonNode value, JsonValueKind kind, StructuralSchema schema)
    {
        var fits = TypeCheck.Fits(value, kind, schema);
        if (!fits && Fails())
        {
            var (wanted, got) = TypeCheck.Names(value, kind, schema);
            _issues.WrongType(Where(), got, Body($"must be of type {wanted}: {GoQuote.Quote(got)}"));
        }
        return fits;
    }

    /// <summary>Only the first broken bound is told. Returns how many checks passed.</summary>
    private int CheckText(JsonNode value, StructuralSchema schema, ValueBounds bounds)
    {
        JsonScalar.TryGetString(value, out var text);
        // A UTF-16 length is never below the number of code points, so that most texts need not be counted.
        if (bounds.MaxLength < text!.Length && CelRunes.Count(text) > bounds.MaxLength)
        {
            if (Fails())
            {
                _issues.TooLong(Where(), bounds.MaxLength.Value);
            }
        }
        else if (bounds.MinLength > 0 && CelRunes.Count(text) < bounds.MinLength)
        {
            if (Fails())
            {
                _issues.Invalid(Where(), text, Body($"should be at least {bounds.MinLength} chars long"));
            }
        }
        else if (bounds.Matcher is { } matcher)
        {
            _stepsLeft -= text.Length / 16;
            if (!matcher.IsMatch(text) && Fails())
            {
                _issues.Invalid(Where(), text, Body($"should match '{bounds.Pattern}'"));
            }
        }
        if (bounds.Format is not { } format || schema.Type is SchemaType.Integer or SchemaType.Number)
        {
            return 0;
        }
        if (!Formats.Matches(format, text) && Fails())
        {
            _issues.WrongType(Where(), text, Body($"must be of type {format}: {GoQuote.Quote(text)}"));
        }
        return 1;
    }

    private void CheckNumber(JsonNode value, StructuralSchema schema, bool fits)
    {
        if (!JsonScalar.TryGetNumber(value, out var number))
        {
            return;
        }
        if (fits && !NumberCheck.IsInRange(number, schema) && Fails())
        {
            _issues.Invalid(_at ?? FieldIssue.NoPath, "", schema.Bounds?.Format is { } format
                ? $"Checked value must be of type {TypeCheck.NameOf(schema)} with format {format} in {Dotted()}"
                : $"Checked value must be of type {TypeCheck.NameOf(schema)} (default format) in {Dotted()}");
        }
        foreach (var broken in NumberCheck.Broken(number, schema.Bounds))
        {
            if (Fails())
            {
                _issues.Invalid(Where(), value, Body(broken));
            }
        }
    }

    /// <summary>Counts a failure; true if it is to be told.</summary>
    private bool Fails()
    {
        _failures++;
        if (_quiet == 0 && _issues.IsFull)
        {
            _issues.Drop();
            return false;
        }
        return _quiet == 0;
    }

    private string Dotted() => _path.Dotted();

    private string Where(string? child = null) => (_path.Dotted(child), _at) switch
    {
        ("", null) => FieldIssue.NoPath,
        ("", var at) => at,
        (var path, null) => path,
        var (path, at) => path.StartsWith('[') ? at + path : $"{at}.{path}",
    };

    private string Body(string rest) => $"{Dotted()} in body {rest}";
}
