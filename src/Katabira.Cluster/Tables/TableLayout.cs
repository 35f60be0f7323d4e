using System.Collections.Immutable;
using System.Text.Json;

namespace Katabira.Cluster.Tables;

/// <summary>How the objects of one resource become rows. Immutable, shared between threads.</summary>
/// <param name="Columns">All of them: hiding the wide ones is the client's part.</param>
/// <param name="Cells">Writes exactly one cell per column; must bear any object.</param>
/// <param name="Completion">Why a finished object is finished (a row condition that clients may filter by); null while it is not.</param>
internal sealed record TableLayout(
    ImmutableArray<TableColumn> Columns, Action<RowWriter, JsonElement> Cells, Func<JsonElement, RowCompletion?>? Completion = null);

/// <summary>The <c>Completed</c> condition of a row.</summary>
internal sealed record RowCompletion(string Reason, string Message);
