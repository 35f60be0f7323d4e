using System.Collections.Frozen;

namespace Katabira.Cluster.Protobuf;

/// <summary>JSON forms that are not an object with the message's fields.</summary>
internal enum SpecialForm
{
    None,

    /// <summary><c>{1 seconds, 2 nanos}</c> → RFC 3339 in seconds; all zero is no time.</summary>
    Time,

    /// <summary>The same with six decimals.</summary>
    MicroTime,

    /// <summary><c>{1 text}</c> → the text; JSON also takes a number.</summary>
    Quantity,

    /// <summary><c>{1 which, 2 number, 3 text}</c> → a number or a text.</summary>
    IntOrString,

    /// <summary><c>{1 bytes}</c>, which are JSON → that JSON.</summary>
    Json,

    /// <summary><c>{1 repeated string}</c> → the list.</summary>
    Strings,

    /// <summary><c>{1 bool, 2 schema}</c> → the schema if there is one, else the boolean.</summary>
    SchemaOrBool,

    /// <summary><c>{1 schema, 2 schemas}</c> → the schema if there is one, else the list.</summary>
    SchemaOrArray,

    /// <summary><c>{1 schema, 2 repeated string}</c> → the list if it is not empty, else the schema.</summary>
    SchemaOrStrings,
}

/// <summary>Which messages have a form of their own.</summary>
internal static class SpecialForms
{
    public static FrozenDictionary<string, SpecialForm> ByName { get; } = new Dictionary<string, SpecialForm>
    {
        ["meta.v1.Time"] = SpecialForm.Time,
        ["meta.v1.MicroTime"] = SpecialForm.MicroTime,
        ["meta.v1.FieldsV1"] = SpecialForm.Json,
        ["resource.Quantity"] = SpecialForm.Quantity,
        ["intstr.IntOrString"] = SpecialForm.IntOrString,
        ["runtime.RawExtension"] = SpecialForm.Json,
        ["apiextensions.v1.JSON"] = SpecialForm.Json,
        ["apiextensions.v1.JSONSchemaPropsOrBool"] = SpecialForm.SchemaOrBool,
        ["apiextensions.v1.JSONSchemaPropsOrArray"] = SpecialForm.SchemaOrArray,
        ["apiextensions.v1.JSONSchemaPropsOrStringArray"] = SpecialForm.SchemaOrStrings,
        ["authentication.v1.ExtraValue"] = SpecialForm.Strings,
        ["authorization.v1.ExtraValue"] = SpecialForm.Strings,
    }.ToFrozenDictionary();
}
