using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Selectors;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>Which objects of a resource a client means: a label selector, a field selector, a name. Immutable and thread-safe.</summary>
internal sealed class ObjectFilter
{
    private readonly ObjectForm _form;
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;
    private readonly SelectableFields _selectable;
    private readonly string _name;

    private ObjectFilter(ObjectForm form, LabelSelector labels, FieldSelector fields, SelectableFields selectable, string name) =>
        (_form, _labels, _fields, _selectable, _name) = (form, labels, fields, selectable, name);

    /// <summary>True if every object is meant.</summary>
    public bool IsEverything => _labels.IsEverything && _fields.IsEverything && _name.Length == 0;

    /// <summary>The one name that is meant; null if there may be several.</summary>
    public string? Name => _name.Length > 0 ? _name : _fields.ExactValue("metadata.name");

    /// <summary>Reads the parameters.</summary>
    /// <param name="name">The one object that is meant; empty for any.</param>
    /// <exception cref="ApiException">A selector makes no sense.</exception>
    public static ObjectFilter Read(ObjectForm form, string labelSelector, string fieldSelector, string name)
    {
        if (!LabelSelector.TryParse(labelSelector, out var labels, out var problem))
        {
            throw new ApiException(ApiFailure.BadRequest(problem));
        }
        var selectable = SelectableFields.Of(form.Version, form.Type.IsCustom);
        if (!FieldSelector.TryParse(fieldSelector, selectable, out var fields, out problem))
        {
            throw new ApiException(ApiFailure.BadRequest(problem));
        }
        return new(form, labels, fields, selectable, name);
    }

    /// <summary>Whether an object is meant. It is parsed only if its key does not tell.</summary>
    public bool Matches(StoredObject stored)
    {
        if (_name.Length > 0 && stored.Key.Name != _name)
        {
            return false;
        }
        JsonObject? parsed = null;
        JsonObject Item() => parsed ??= _form.Version.FromStorage is null ? StoredJson.Read(stored) : _form.Read(stored);
        return (_fields.IsEverything || _fields.Matches(field => field switch
        {
            "metadata.name" => stored.Key.Name,
            "metadata.namespace" => stored.Key.Namespace,
            _ => _selectable.ValueOf(Item(), field),
        })) && (_labels.IsEverything || _labels.Matches(Item().Child("metadata").Child("labels")));
    }
}
