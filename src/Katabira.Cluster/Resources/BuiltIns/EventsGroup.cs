using System.Collections.Immutable;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/events.k8s.io/v1</c>: the core group's events under newer field names.</summary>
internal static class EventsGroup
{
    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new()
        {
            Group = "events.k8s.io", Kind = "Event", Plural = "events", ShortNames = ["ev"], StoredAs = ("", "events"),
            Versions =
            [
                new()
                {
                    Name = "v1",
                    IsStorage = true,
                    SelectableFields = Fields,
                    FromStorage = EventForms.FromCore,
                    ToStorage = EventForms.ToCore,
                },
            ],
        },
    ];

    private static ImmutableArray<SelectableField> Fields =>
    [
        SelectableField.At("regarding.kind"),
        SelectableField.At("regarding.namespace"),
        SelectableField.At("regarding.name"),
        SelectableField.At("regarding.uid"),
        SelectableField.At("regarding.apiVersion"),
        SelectableField.At("regarding.resourceVersion"),
        SelectableField.At("regarding.fieldPath"),
        SelectableField.At("reason"),
        SelectableField.At("reportingController"),
        SelectableField.At("type"),
    ];
}
