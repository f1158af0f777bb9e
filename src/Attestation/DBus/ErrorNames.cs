namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Errors that the bus, or any service, answers.</summary>
internal static class ErrorNames
{
    internal const string AccessDenied = "org.freedesktop.DBus.Error.AccessDenied";
    internal const string UnknownMethod = "org.freedesktop.DBus.Error.UnknownMethod";
    internal const string ServiceUnknown = "org.freedesktop.DBus.Error.ServiceUnknown";
    internal const string NameHasNoOwner = "org.freedesktop.DBus.Error.NameHasNoOwner";

    /// <summary>The service left the bus before it answered.</summary>
    internal const string NoReply = "org.freedesktop.DBus.Error.NoReply";
}
