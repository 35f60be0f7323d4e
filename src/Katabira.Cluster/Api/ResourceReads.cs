using Katabira.Cluster.Objects;
using Katabira.Cluster.Storage;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Answers GET for one object and for lists. Thread-safe.</summary>
internal sealed class ResourceReads(Store store, TimeProvider time)
{
    /// <summary>How long a request waits for a version that is still to come.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>One object.</summary>
    public async Task GetAsync(ApiCall call, ObjectForm form, string ns, string name)
    {
        await WaitForAsync(ListOptions.Read(call, form, name, isWatch: false).Version, call.Cancelled);
        var stored = store.Get(form.KeyOf(ns, name)) ?? throw new ApiException(ApiFailure.NotFound(form.Type.Group, form.Type.Plural, name));
        await SendAsync(call, StatusCodes.Status200OK, form, form.Text(stored));
    }

    /// <summary>Sends one object in the form that the client wants.</summary>
    /// <param name="text">The object in the request's version.</param>
    public async Task SendAsync(ApiCall call, int code, ObjectForm form, ReadOnlyMemory<byte> text)
    {
        var wire = new ObjectWire(ResponseShape.Choose(call.Accept, isList: false), form.Resource, call.Query("includeObject"), time);
        Answers.Warn(call.Http, call.Warnings);
        if (wire.Shape == ObjectShape.Whole)
        {
            await Answers.SendAsync(call.Http, code, "application/json", text);
            return;
        }
        call.Http.Response.StatusCode = code;
        call.Http.Response.ContentType = "application/json";
        using (var json = StoredJson.Writer(call.Http.Response.BodyWriter))
        {
            wire.Write(json, text);
        }
        await call.Http.Response.BodyWriter.FlushAsync(call.Cancelled);
    }

    /// <summary>Objects of one namespace, or of all if it is null.</summary>
    public async Task ListAsync(ApiCall call, ObjectForm form, string? ns)
    {
        var options = ListOptions.Read(call, form, "", isWatch: false);
        var wire = new ObjectWire(ResponseShape.Choose(call.Accept, isList: true), form.Resource, call.Query("includeObject"), time);
        if (options.Continue.Length == 0)
        {
            await WaitForAsync(options.Version, call.Cancelled);
        }
        var page = Page(options, form, ns);
        Answers.Warn(call.Http, call.Warnings);
        call.Http.Response.StatusCode = StatusCodes.Status200OK;
        call.Http.Response.ContentType = "application/json";
        await ListWriter.WriteAsync(call.Http.Response.BodyWriter, wire, form, new(page.Revision.ToString(), page.Continue ?? "", page.Remaining), page.Items, call.Cancelled);
    }

    private ListResult.Page Page(ListOptions options, ObjectForm form, string? ns)
    {
        // one object by its name, which is how clients wait for it, needs no walk
        if (options is { Continue.Length: 0, IsExact: false, Filter.Name: { } name } && (ns is not null || !form.Type.Namespaced))
        {
            var now = store.Current;
            var found = now.Find(form.KeyOf(ns ?? "", name));
            return new(now.Revision, found is not null && options.Filter.Matches(found) ? [found] : [], null, null);
        }
        return store.List(new ListQuery(new StoreRange(form.Home, form.Type.Namespaced ? ns : ""))
        {
            Limit = options.Limit,
            Continue = options.Continue.Length > 0 ? options.Continue : null,
            Exact = options.IsExact ? options.Version : null,
            Where = options.Filter.IsEverything ? null : options.Filter.Matches,
        }) switch
        {
            ListResult.Page page => page,
            ListResult.Expired { Continue: { } token } => throw new ApiException(ApiFailure.Expired("The provided continue parameter is too old "
                + "to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this "
                + "response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects "
                + "that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.", token)),
            ListResult.Expired => throw new ApiException(ApiFailure.Expired("The resourceVersion for the provided list is too old.")),
            ListResult.InvalidContinue => throw new ApiException(ApiFailure.BadRequest("continue key is not valid")),
            ListResult.NotYet later => throw new ApiException(ApiFailure.TooNew(options.Version!.Value.Value, later.Current.Value)), // not null: it is what is too new
            ListResult.Unreadable unreadable => throw new ApiException(ApiFailure.Internal(unreadable.Reason.Message)),
            _ => throw new InvalidOperationException("a list has no other end"),
        };
    }

    /// <summary>Waits a little for a version that another server of ours may have told the client; there is none, so it is usually a mistake.</summary>
    public async Task WaitForAsync(Revision? version, CancellationToken cancelled)
    {
        if (version is not { } wanted || wanted <= store.Revision)
        {
            return;
        }
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancelled);
        try
        {
            await store.WaitForAsync(wanted, either.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new ApiException(ApiFailure.TooNew(wanted.Value, store.Revision.Value));
        }
    }
}
