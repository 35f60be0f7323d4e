using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Persistent volumes and the claims to them.</summary>
internal static class StorageTables
{
    private static readonly TableColumn s_volumeMode = TableColumn.Wide("VolumeMode", "Filesystem, or Block.");

    public static TableLayout PersistentVolume { get; } = new(
        [
            TableColumn.ObjectName,
            new("Capacity"), new("Access Modes"), new("Reclaim Policy"), new("Status"), new("Claim"), new("StorageClass"),
            new("VolumeAttributesClass"), new("Reason"), TableColumn.Age, s_volumeMode,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            var claim = spec.Child("claimRef");
            row.Name(item);
            row.Text(spec.Child("capacity").Text("storage"));
            row.Text(AccessModes(spec));
            row.Text(spec.Text("persistentVolumeReclaimPolicy"));
            row.Text(Phase(item, status));
            row.Text(!claim.IsSomething() ? "" : $"{claim.Text("namespace")}/{claim.Text("name")}");
            row.Text(spec.Text("storageClassName"));
            row.Text(spec.Text("volumeAttributesClassName", RowWriter.Unset));
            row.Text(status.Text("reason"));
            row.Age(item);
            row.Text(spec.Text("volumeMode", RowWriter.Unset));
        });

    public static TableLayout PersistentVolumeClaim { get; } = new(
        [
            TableColumn.ObjectName,
            new("Status"), new("Volume"), new("Capacity"), new("Access Modes"), new("StorageClass"), new("VolumeAttributesClass"),
            TableColumn.Age, s_volumeMode,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            var volume = spec.Text("volumeName");
            row.Name(item);
            row.Text(Phase(item, status));
            row.Text(volume);
            // what was granted is known once there is a volume
            row.Text(volume.Length == 0 ? "" : status.Child("capacity").Text("storage"));
            row.Text(volume.Length == 0 ? "" : AccessModes(status));
            row.Text(spec.Text("storageClassName"));
            row.Text(spec.Text("volumeAttributesClassName", RowWriter.Unset));
            row.Age(item);
            row.Text(spec.Text("volumeMode", RowWriter.Unset));
        });

    private static string Phase(JsonElement item, JsonElement status) =>
        item.Child("metadata").Has("deletionTimestamp") ? "Terminating" : status.Text("phase");

    private static string AccessModes(JsonElement owner) => string.Join(',', owner.Texts("accessModes").Distinct().Select(mode => mode switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => mode,
    }));
}
