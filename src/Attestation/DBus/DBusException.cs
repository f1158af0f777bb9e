namespace Spiffe.Agent.Attestation.DBus;

/// <summary>The bus could not be asked, or did not answer the question.</summary>
internal sealed class DBusException(DBusFault fault, string message) : Exception(message)
{
    internal DBusFault Fault { get; } = fault;

    /// <summary>Name of the error that was answered, such as <c>org.freedesktop.DBus.Error.AccessDenied</c>; empty unless <see cref="DBusFault.Error"/>.</summary>
    internal string ErrorName { get; private init; } = "";

    /// <summary>The error that <paramref name="reply"/> is. Its text is the service's own and stays out of logs.</summary>
    internal static DBusException Of(MethodCall call, Reply reply) =>
        new(DBusFault.Error, $"{call.Member}: {reply.ErrorName}") { ErrorName = reply.ErrorName ?? "" };

    internal static DBusException Malformed(string what) => new(DBusFault.Malformed, what);
}
