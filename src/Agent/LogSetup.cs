using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Spiffe.Agent.Configuration;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Spiffe.Agent;

/// <summary>Logs to standard error: lines for people or JSON for machines; with priorities that journald reads when systemd started the daemon.</summary>
internal static class LogSetup
{
    public static ILoggerFactory Create(LogOptions options, bool isDevelopment) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(Level(options.Level));
        // Kestrel tells of every connection that a client drops; that is a client's business.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.Format == LogFormat.Json) logging.AddJsonConsole(json => json.TimestampFormat = "O");
        else if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null) logging.AddSystemdConsole();
        else logging.AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.TimestampFormat = isDevelopment ? "HH:mm:ss " : "yyyy-MM-ddTHH:mm:ss.fffK ";
            line.UseUtcTimestamp = !isDevelopment;
        });
    });

    private static LogLevel Level(LogThreshold threshold) => threshold switch
    {
        LogThreshold.Trace => LogLevel.Trace,
        LogThreshold.Debug => LogLevel.Debug,
        LogThreshold.Warning => LogLevel.Warning,
        LogThreshold.Error => LogLevel.Error,
        _ => LogLevel.Information,
    };
}
