using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>The bond between a controller's object and those it makes. Pure.</summary>
internal static class Owned
{
    /// <summary>The reference that binds a new object to its owner.</summary>
    public static JsonArray By(JsonObject owner) => new(new JsonObject
    {
        ["apiVersion"] = owner.Text("apiVersion"),
        ["kind"] = owner.Text("kind"),
        ["name"] = owner.NameOf(),
        ["uid"] = owner.Child("metadata").Text("uid"),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    });

    /// <summary>The reference to the object's controller; null if it has none.</summary>
    public static JsonObject? Controller(JsonObject item) => item.Child("metadata").Items("ownerReferences").FirstOrDefault(o => o.Flag("controller"));

    public static bool IsBy(JsonObject item, JsonObject owner) => Controller(item).Text("uid") is { Length: > 0 } uid && uid == owner.Child("metadata").Text("uid");

    /// <summary>May change: an object that nobody owned has an owner.</summary>
    public static void Adopt(JsonObject item, JsonObject owner)
    {
        if (Controller(item) is null && item.Child("metadata") is { } metadata)
        {
            var all = metadata.List("ownerReferences") ?? [];
            all.Add(By(owner)[0]!.DeepClone()); // not null: there is one
            metadata["ownerReferences"] = all.Parent is null ? all : all.DeepClone();
        }
    }

    /// <summary>The controller of a changed object, now or before, if it is of that kind: whom its change concerns.</summary>
    public static IEnumerable<StoreKey> Keys(Change change, GroupResource owners, string kind)
    {
        foreach (var state in (StoredObject?[])[change.Object, change.Previous])
        {
            if (state is not null && Controller(StoredJson.Read(state)) is { } reference && reference.Text("kind") == kind)
            {
                yield return new StoreKey(owners.Group, owners.Plural, state.Key.Namespace, reference.Text("name"));
            }
        }
    }
}
