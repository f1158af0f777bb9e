namespace Spiffe.Agent.Cli;

/// <summary>How the process ends, for scripts. Numbers are those of sysexits.h where it has one.</summary>
public static class ExitCodes
{
    /// <summary>It did what was asked, or was stopped by hand while it followed a stream.</summary>
    public const int Done = 0;

    /// <summary>Whatever has no number of its own.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>The input is wrong: a token that is not valid, a file that cannot be understood (EX_DATAERR).</summary>
    public const int BadInput = 65;

    /// <summary>The endpoint cannot be reached, does not serve, or did not answer in time (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    /// <summary>A socket or a file cannot be created (EX_CANTCREAT).</summary>
    public const int CannotCreate = 73;

    /// <summary>The caller is not entitled (EX_NOPERM).</summary>
    public const int PermissionDenied = 77;

    /// <summary>The configuration is wrong (EX_CONFIG).</summary>
    public const int Configuration = 78;
}
