using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Probes;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Does what was decided for one pod, and tells what came of it. It decides nothing. One worker owns it; its steps run side by side.</summary>
internal sealed class PodHands(PodFolder folder, PodMeans means, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly PodProvision _provision = means.Provide(folder);
    private readonly PodProcess _process = new(folder.Socket);
    private readonly ContainerQuestions _questions = new(new(folder.Socket), means.MakeSocket, time);
    private volatile PodNetwork? _network;

    public PodProcess Process => _process;

    /// <summary>A pod that was there before the agent.</summary>
    public void Adopt(PodNetwork network) => _network = network;

    /// <summary>A state with what else is known about the end of the run.</summary>
    public PodNews.State Complete(PodMemory pod, ContainerState state)
    {
        if (!state.IsOver || pod.Parts.FirstOrDefault(p => p.Name == state.Name) is not { } part)
        {
            return new(state, IsOutOfMemory: false);
        }
        var words = state.Message.Length > 0 ? state.Message : _provision.LastWords(part, state.Attempt);
        var isOutOfMemory = state.Signal == 9 && _provision.WasOutOfMemory(part, state.Attempt);
        _provision.RemoveRun(part, state.Attempt);
        return new(state with { Message = words }, isOutOfMemory);
    }

    public Task RefreshAsync(JsonObject pod, CancellationToken cancel) => _provision.RefreshAsync(pod, cancel);

    /// <summary>Asks one probe until it is cancelled or there is nothing more to ask.</summary>
    public Task ProbeAsync(ContainerPart part, ContainerRun run, ProbeKind kind, Action<ProbeVerdict> tell, CancellationToken cancel) =>
        _questions.ProbeAsync(part, run, kind, Network.Address, tell, cancel);

    /// <summary>Does a step to its end.</summary>
    public async Task<PodNews> DoAsync(PodStep step, PodMemory pod, CancellationToken cancel)
    {
        switch (step)
        {
            case PodStep.OpenSandbox:
                return await OpenAsync(pod, cancel);
            case PodStep.PrepareVolumes:
                return new PodNews.Volumes(await _provision.PrepareAsync(pod.Pod, cancel));
            case PodStep.Start start:
                return await StartAsync(pod, start, cancel);
            case PodStep.Hook hook:
                return await HookAsync(pod, hook, cancel);
            case PodStep.Signal signal:
                return await SignalAsync(signal, cancel);
            case PodStep.CloseSandbox:
                await CloseAsync(pod, cancel);
                return new PodNews.SandboxClosed();
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, "no work of a pod's hands");
        }
    }

    /// <summary>What the pod's process wrote last about its containers; nothing if it never wrote.</summary>
    public async Task<IReadOnlyList<ContainerState>> LastStatesAsync(CancellationToken cancel) => await PodProcess.ReadStateFileAsync(folder.Path, cancel) ?? [];

    /// <summary>Removes what is left of a pod. Nothing of it runs any more.</summary>
    public void RemoveFolder()
    {
        if (Directory.Exists(folder.Path))
        {
            Directory.Delete(folder.Path, recursive: true);
        }
    }

    public void Dispose() => _provision.Dispose();

    private PodNetwork Network => _network ?? throw new InvalidOperationException("a pod without a network");

    private async Task<PodNews> OpenAsync(PodMemory pod, CancellationToken cancel)
    {
        try
        {
            // one that lost its network, or that was launched by an agent that did not live to see it
            await EndAsync(cancel);
            _network = await means.AttachAsync(pod.Pod, cancel);
            await _provision.PrepareEmptyAsync(pod.Pod, cancel);
            var spec = new PodSpec { Folder = folder.Path, Socket = folder.Socket, HostName = PodHostName.Of(pod.Pod), NetworkNamespace = _network.Namespace };
            await PodProcess.LaunchAsync(means.Program, spec, cancel);
            return new PodNews.SandboxUp(_network.Address.ToString());
        }
        catch (Exception e) when (e is NetworkException or PodRefusedException or IOException or System.ComponentModel.Win32Exception)
        {
            return new PodNews.SandboxFailed(e.Message);
        }
    }

    private async Task<PodNews> StartAsync(PodMemory pod, PodStep.Start start, CancellationToken cancel)
    {
        var part = pod.Parts.First(p => p.Name == start.Container);
        var recipe = await _provision.BuildAsync(pod.Pod, part, start.Attempt, Network, cancel);
        if (recipe.Spec is not { } spec)
        {
            return new PodNews.StartRefused(part.Name, recipe.Reason, recipe.Message);
        }
        try
        {
            folder.PrepareLog(part.Name, start.Attempt);
            await _process.StartAsync(spec, cancel);
            return new PodNews.StartSent(part.Name, start.Attempt, recipe.ImageId);
        }
        catch (Exception e) when (e is PodRefusedException or PodGoneException or IOException)
        {
            return new PodNews.StartRefused(part.Name, "RunContainerError", e.Message);
        }
    }

    private async Task<PodNews> HookAsync(PodMemory pod, PodStep.Hook hook, CancellationToken cancel)
    {
        var part = pod.Parts.First(p => p.Name == hook.Container);
        var action = part.Spec.Child("lifecycle").Child(hook.IsStop ? "preStop" : "postStart");
        return new PodNews.HookDone(hook, action is null ? "" : await _questions.RunHookAsync(part, action, Network.Address, cancel));
    }

    private async Task<PodNews> SignalAsync(PodStep.Signal signal, CancellationToken cancel)
    {
        try
        {
            await _process.SignalAsync(signal.Container, signal.Number, cancel);
        }
        catch (Exception e) when (e is PodRefusedException or PodGoneException)
        {
            // it has just ended by itself: its state says so
        }
        return new PodNews.Signalled(signal);
    }

    private async Task CloseAsync(PodMemory pod, CancellationToken cancel)
    {
        await EndAsync(cancel);
        await means.DetachAsync(pod.Uid, cancel);
        _provision.Remove();
        _network = null;
    }

    /// <summary>Ends the pod's process, if there is one.</summary>
    private async Task EndAsync(CancellationToken cancel)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(s_patience);
            await EndProcessAsync(patience.Token, cancel);
        }
        catch (Exception e) when (e is PodGoneException or PodRefusedException or ArgumentException or TimeoutException)
        {
            // nobody is there any more, or it hangs in the kernel and goes when it can
        }
    }

    private async Task EndProcessAsync(CancellationToken patience, CancellationToken cancel)
    {
        var number = await _process.ProcessIdAsync(cancel);
        var gone = GoneAsync(cancel);
        try
        {
            await _process.ShutdownAsync(patience);
            await gone.WaitAsync(patience);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // it does not answer: with its first process everything in the pod ends
            using var process = System.Diagnostics.Process.GetProcessById(number);
            process.Kill();
            await gone.WaitAsync(s_patience, time, cancel);
        }
    }

    /// <summary>Ends when the pod's process has closed its socket, which it does last.</summary>
    private async Task GoneAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var _ in _process.WatchAsync(cancel))
            {
            }
        }
        catch (PodGoneException)
        {
            // as it should be
        }
    }
}
