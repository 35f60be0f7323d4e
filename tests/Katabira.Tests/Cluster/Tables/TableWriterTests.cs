using System.Text.Json.Nodes;
using Katabira.Cluster.Tables;
using Katabira.Tests.Cluster.Resources;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Tables;

public class TableWriterTests
{
    private static readonly JsonObject s_pod = Json.Object(
        """
        {'kind':'Pod','apiVersion':'v1','metadata':{'name':'web','namespace':'shop','resourceVersion':'41','creationTimestamp':'2026-03-01T11:00:00Z','labels':{'app':'web'}},
         'spec':{'containers':[{'name':'a'}]},'status':{'phase':'Running','containerStatuses':[{'ready':true,'state':{'running':{}}}]}}
        """);

    private static readonly byte[] s_text = System.Text.Encoding.UTF8.GetBytes(s_pod.ToJsonString());

    [Fact]
    public void List_OfPods_IsAsReviewed() => Golden.Equal(
        "tests/Katabira.Tests/Cluster/Tables/golden/pods.json",
        PrettyJson.Of(Rows.Write(json => TableWriter.WriteList(json, Request(), new("57", "next", 3), new[] { s_pod }))));

    [Fact]
    public void List_OfObjectsAndOfTheirText_AreTheSame() => Assert.Equal(
        Rows.Write(json => TableWriter.WriteList(json, Request(), new("57"), new[] { s_pod, s_pod })),
        Rows.Write(json => TableWriter.WriteList(json, Request(), new("57"), [s_text, s_text])));

    [Fact]
    public void List_OfNothing_HasColumnsAndAnEmptyArray()
    {
        var table = JsonNode.Parse(Rows.Write(json => TableWriter.WriteList(json, Request(), new("57"), Array.Empty<JsonObject>())))!;

        Assert.Equal("{'resourceVersion':'57'}", Json.Line(table["metadata"]));
        Assert.Equal("[]", Json.Line(table["rows"]));
        Assert.Equal(9, table["columnDefinitions"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("Metadata", "{'kind':'PartialObjectMetadata','apiVersion':'meta.k8s.io/v1beta1','metadata':{'name':'web','namespace':'shop','resourceVersion':'41',"
        + "'creationTimestamp':'2026-03-01T11:00:00Z','labels':{'app':'web'}}}")]
    [InlineData("None", "null")]
    public void Row_Includes_WhatWasAsked(string include, string expected)
    {
        var table = Table(Request() with { Include = Enum.Parse<IncludeObject>(include), Version = "v1beta1" });

        Assert.Equal("meta.k8s.io/v1beta1", (string?)table["apiVersion"]);
        Assert.Equal(expected, Json.Line(table["rows"]![0]!["object"]));
    }

    [Fact]
    public void Row_IncludingTheObject_HasItWhole() =>
        Assert.True(JsonNode.DeepEquals(s_pod, Table(Request() with { Include = IncludeObject.Object })["rows"]![0]!["object"]));

    [Fact]
    public void One_CarriesTheObjectsOwnVersion() => Assert.Equal("41", (string?)Table(Request())["metadata"]!["resourceVersion"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Event_LaterThanTheFirst_HasNoColumns(bool isFirst)
    {
        var @event = JsonNode.Parse(Rows.Write(json => TableWriter.WriteEvent(json, "MODIFIED", Request(), s_text, isFirst)))!;

        Assert.Equal("MODIFIED", (string?)@event["type"]);
        Assert.Equal("Table", (string?)@event["object"]!["kind"]);
        Assert.Equal(isFirst, @event["object"]!["columnDefinitions"] is JsonArray);
        Assert.Single(@event["object"]!["rows"]!.AsArray());
    }

    [Fact]
    public void PartialMetadata_List_HasNothingButMetadata()
    {
        var list = JsonNode.Parse(Rows.Write(json => PartialMetadata.WriteList(json, new("57"), [s_text, "{}"u8.ToArray()])))!;

        Assert.Equal("PartialObjectMetadataList", (string?)list["kind"]);
        Assert.Equal("{'resourceVersion':'57'}", Json.Line(list["metadata"]));
        Assert.Equal("{'kind':'PartialObjectMetadata','apiVersion':'meta.k8s.io/v1','metadata':{}}", Json.Line(list["items"]![1]));
        Assert.Null(list["items"]![0]!["spec"]);
    }

    private static TableRequest Request() => new(Rows.Layout("pods"), Rows.Now);

    private static JsonNode Table(TableRequest request) => JsonNode.Parse(Rows.Write(json => TableWriter.WriteOne(json, request, s_pod)))!;
}
