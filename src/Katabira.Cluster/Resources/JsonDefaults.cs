using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>Sets fields that are absent; a field with any value, even one of a wrong type, is left to validation.</summary>
internal static class JsonDefaults
{
    public static void Default(this JsonObject owner, string name, string value)
    {
        // Go cannot tell an empty string from none
        if (owner[name] is null || owner[name].AsText() is "")
        {
            owner[name] = value;
        }
    }

    public static void Default(this JsonObject owner, string name, long value)
    {
        if (owner[name] is null)
        {
            owner[name] = value;
        }
    }

    /// <summary>The same for numbers that Go holds without a pointer: 0 is absent.</summary>
    public static void DefaultZero(this JsonObject owner, string name, long value)
    {
        if (owner[name] is null || owner.Integer(name) == 0)
        {
            owner[name] = value;
        }
    }

    public static void Default(this JsonObject owner, string name, bool value)
    {
        if (owner[name] is null)
        {
            owner[name] = value;
        }
    }

    /// <summary>The object under that name, made if there is nothing; null if something else stands there.</summary>
    public static JsonObject? ChildOrNew(this JsonObject owner, string name)
    {
        if (owner[name] is null)
        {
            owner[name] = new JsonObject();
        }
        return owner[name] as JsonObject;
    }
}
