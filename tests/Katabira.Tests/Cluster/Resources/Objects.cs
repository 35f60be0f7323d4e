using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Tests.Cluster.Resources;

/// <summary>Runs the strategies the way the server does, for any kind by its qualified name.</summary>
internal static class Objects
{
    public static ResourceType Type(string qualifiedName) =>
        ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella).Types.Single(t => t.QualifiedName == qualifiedName);

    /// <summary>An object as it would be stored: defaults, then what only the server sets.</summary>
    public static JsonObject Created(string qualifiedName, string text)
    {
        var type = Type(qualifiedName);
        var item = Json.Object(text);
        Strategies.Default(type, item);
        Strategies.PrepareCreate(type, type.StorageVersion, item);
        return item;
    }

    /// <summary>What is wrong with a new object, one line each.</summary>
    public static string[] Issues(string qualifiedName, string text) =>
        [.. Strategies.Validate(Type(qualifiedName), Created(qualifiedName, text)).Select(i => i.ToString().Replace('"', '\''))];

    /// <summary>What an update may not do, one line each.</summary>
    public static string[] UpdateIssues(string qualifiedName, string before, string after)
    {
        var type = Type(qualifiedName);
        var stored = Created(qualifiedName, before);
        var item = Json.Object(after);
        Strategies.PrepareUpdate(type, type.StorageVersion, item, stored);
        Strategies.Default(type, item);
        return [.. Strategies.ValidateUpdate(type, item, stored).Select(i => i.ToString().Replace('"', '\''))];
    }
}
