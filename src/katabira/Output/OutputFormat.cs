namespace Katabira.Cli.Output;

/// <summary>How a result is written.</summary>
internal enum OutputFormat
{
    /// <summary>Columns, for people.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>The same data as JSON.</summary>
    Yaml,
}
