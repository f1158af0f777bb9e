namespace Spiffe.Agent.Attestation.DBus;

/// <summary>A service of the bus that is root's: whoever owned its name on this connection's bus when it was asked for. Calls go to that owner's own name, which
/// the bus never gives to anybody else, so a name that changes hands takes no answer with it.</summary>
/// <param name="Connection">How to ask it.</param>
/// <param name="Owner">Its unique name, such as <c>:1.0</c>.</param>
internal sealed record BusService(BusConnection Connection, string Owner)
{
    /// <summary>Finds the owner of a name and makes sure that it is root.</summary>
    /// <exception cref="DBusException"><see cref="DBusFault.NotTrusted"/>: somebody else has taken the name.</exception>
    internal static async Task<BusService> FindAsync(BusConnection connection, string name, CancellationToken cancellationToken)
    {
        string owner = (await connection.CallAsync(MethodCall.ToBus("GetNameOwner", name), cancellationToken)).ReadString();
        if (!owner.StartsWith(':')) throw DBusException.Malformed($"the owner of {name} is no unique name");
        uint user = (await connection.CallAsync(MethodCall.ToBus("GetConnectionUnixUser", owner), cancellationToken)).ReadUInt32();
        return user == 0 ? new BusService(connection, owner) : throw new DBusException(DBusFault.NotTrusted, $"{name} belongs to uid {user} on the bus");
    }

    /// <summary>Asks it.</summary>
    /// <exception cref="DBusException">There is no answer, or an error. One that means that it has left makes this service of no further use.</exception>
    internal async Task<Reply> CallAsync(string path, string @interface, string member, Func<MethodCall, MethodCall> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await Connection.CallAsync(arguments(new MethodCall(Owner, path, @interface, member)), cancellationToken);
        }
        catch (DBusException gone) when (gone.ErrorName is ErrorNames.ServiceUnknown or ErrorNames.NameHasNoOwner or ErrorNames.NoReply)
        {
            Connection.Retire();
            throw new DBusException(DBusFault.Lost, gone.Message);
        }
    }
}
