namespace Katabira.Cli.Clusters.Kubeconfigs;

/// <summary>Brings a cluster's credentials into the person's kubeconfig and takes them out again, and keeps the record of it.</summary>
/// <param name="home">Whose cluster.</param>
/// <param name="surroundings">Which kubeconfig is the person's.</param>
internal sealed class Credentials(ClusterHome home, Surroundings surroundings)
{
    /// <summary>Merges them and makes the context current.</summary>
    public MergedContext Merge(ClusterRecord record)
    {
        var credentials = Read();
        var file = KubeconfigFile.Of(surroundings);
        var known = record.Contexts.FirstOrDefault(c => c.Kubeconfig == file.Path);
        string context = "", previous = "";
        var wasThere = file.Change(kubeconfig =>
        {
            var held = kubeconfig.Holds(home);
            previous = kubeconfig.CurrentContext ?? "";
            context = kubeconfig.Merge(credentials, record.Name, home);
            kubeconfig.Use(context);
            // To come back to itself is no way back: what was current before the first time is remembered on.
            if (held && previous == context)
            {
                previous = known?.Previous ?? "";
            }
            return Outcome.Write;
        });
        var merged = new MergedContext(file.Path, context, previous.Length > 0 ? previous : null, MadeFile: known?.MadeFile ?? !wasThere);
        (record with { Contexts = [.. record.Contexts.Where(c => c.Kubeconfig != file.Path), merged] }).Write(home);
        return merged;
    }

    /// <summary>Brings the newest certificate to where the credentials are already. Which context is current stays as it is.</summary>
    public void Refresh(ClusterRecord record)
    {
        var credentials = Read();
        foreach (var merged in record.Contexts.Where(c => File.Exists(c.Kubeconfig)))
        {
            new KubeconfigFile(merged.Kubeconfig).Change(kubeconfig =>
            {
                if (!kubeconfig.Holds(home))
                {
                    return Outcome.Keep;
                }
                kubeconfig.Merge(credentials, record.Name, home);
                return Outcome.Write;
            });
        }
    }

    /// <summary>Takes them out of every kubeconfig they were brought into.</summary>
    public void Remove(ClusterRecord record)
    {
        foreach (var merged in record.Contexts.Where(c => File.Exists(c.Kubeconfig)))
        {
            new KubeconfigFile(merged.Kubeconfig).Change(kubeconfig =>
                !kubeconfig.Remove(home, merged.Previous) ? Outcome.Keep
                : merged.MadeFile && kubeconfig.IsEmpty ? Outcome.Delete
                : Outcome.Write);
        }
    }

    private ClusterCredentials Read()
    {
        try
        {
            return ClusterCredentials.Parse(PrivateFile.ReadIfThere(home.Kubeconfig) ?? throw new Refusal(
                $"{home.Kubeconfig} is not there yet: the cluster has never been ready", "katabira cluster start makes it"));
        }
        catch (FormatException e)
        {
            throw new Refusal($"{home.Kubeconfig} cannot be used: {e.Message}", "katabira cluster stop, then start, makes it anew");
        }
    }
}
