using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Platform.Hardening;
using Spiffe.Agent.Rpc.Transport;
using Spiffe.Agent.Platform.Systemd;
using Spiffe.Agent.Platform.Time;

namespace Spiffe.Agent.Commands;

/// <summary><c>spiffe-agent run [--config FILE | --dev [--dir DIR]]</c>: the daemon, in the foreground, until SIGTERM or SIGINT.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string?> config = new("--config") { Description = "Configuration file.", HelpName = "FILE" };
        Option<bool> dev = new("--dev") { Description = "No configuration: trust domain dev.local, an identity for every process of yours." };
        Option<string?> directory = new("--dir") { Description = "With --dev: where workload.sock and admin.sock go.", HelpName = "DIR" };
        Command run = new("run", "Run the agent in the foreground.") { config, dev, directory };
        run.Validators.Add(result =>
        {
            bool isDev = result.GetValue(dev);
            if (isDev && result.GetValue(config) is not null) result.AddError("--dev takes no --config");
            if (!isDev && result.GetValue(directory) is not null) result.AddError("--dir goes with --dev");
        });
        run.SetAction((result, stop) => result.GetValue(dev)
            ? RunAsync(Development(result.GetValue(directory)), null, stop)
            : LoadAndRunAsync(result.GetValue(config) ?? CheckCommand.DefaultPath, stop));
        return run;
    }

    private static Task<int> LoadAndRunAsync(string path, CancellationToken stop)
    {
        LoadedConfiguration loaded = ConfigurationLoader.Load(path);
        ConfigurationReport.Write(loaded, Console.Error);
        return loaded.Options is null ? Task.FromResult(ExitCodes.Configuration) : RunAsync(loaded.Options, () => ConfigurationLoader.Load(path), stop);
    }

    /// <summary>Runs until the command line is told to stop: SIGTERM and SIGINT cancel <paramref name="stop"/>.</summary>
    private static async Task<int> RunAsync(AgentOptions options, Func<LoadedConfiguration>? again, CancellationToken stop)
    {
        bool isDevelopment = again is null;
        IReadOnlyList<Protection> protections = ProcessProtection.Apply();
        using ServiceManager systemd = ServiceManager.FromEnvironment();
        using ILoggerFactory loggers = LogSetup.Create(options.Log, isDevelopment);
        AgentHost host = new(options, again, systemd, protections, loggers, BootTime.Instance);
        try
        {
            await host.RunAsync(isDevelopment ? () => DevelopmentGreeting.Write(options, Console.Out) : static () => { }, stop);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Done; // Told to stop before it served.
        }
        catch (Exception e) when (e is UnixBindException or AuditStoreException)
        {
            throw new FaultException(new Fault(ExitCodes.CannotCreate, e.Message, "", ""));
        }
    }

    /// <exception cref="FaultException">The default directory is somebody else's.</exception>
    private static AgentOptions Development(string? directory)
    {
        string userName = Environment.UserName;
        uint userId = geteuid();
        try
        {
            return DevelopmentConfiguration.Create(directory ?? DevelopmentDirectory.Default(userId), userId, userName.Length == 0 ? null : userName);
        }
        catch (IOException e)
        {
            throw new FaultException(new Fault(ExitCodes.CannotCreate, e.Message, "", ""));
        }
    }

    [DllImport("libc")]
    private static extern uint geteuid();
}
