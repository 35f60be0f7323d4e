namespace Katabira.Cluster.Resources;

/// <summary>One of a CRD's <c>additionalPrinterColumns</c>.</summary>
/// <param name="Type"><c>integer</c>, <c>number</c>, <c>string</c>, <c>boolean</c> or <c>date</c>.</param>
/// <param name="JsonPath">Simple JSONPath without braces, beginning with a dot.</param>
internal sealed record PrinterColumn(string Name, string Type, string JsonPath, string Description = "", string Format = "", int Priority = 0);
