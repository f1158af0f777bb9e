using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>Entries over the admin socket: judged as the file's are, changed whole or not at all, and each change in the log with who asked for it.</summary>
public sealed partial class EntryAdministration(EntryBook book, IEntryReader reader, TrustDomain trustDomain, Serving serving, TimeProvider time, ILogger<EntryAdministration> log)
{
    private readonly ILogger<EntryAdministration> _log = log;

    /// <summary>No change is made that nobody would write down.</summary>
    private IJournal Journal => (serving.Issuance ?? throw StatusMapping.ToException(Issuance.Refusal.NotServing)).Journal;

    internal void AddTo(RpcService service) => service
        .ServerStreaming<ListEntriesRequest, Protocols.Admin.Entry>("ListEntries", ListEntriesRequest.Parser, List)
        .Unary("GetEntry", GetEntryRequest.Parser, Get)
        .Unary("AddEntries", AddEntriesRequest.Parser, Add)
        .Unary("UpdateEntry", UpdateEntryRequest.Parser, Update)
        .Unary("RemoveEntries", RemoveEntriesRequest.Parser, Remove);

    private async Task List(ListEntriesRequest request, IServerStreamWriter<Protocols.Admin.Entry> stream, ServerCallContext context)
    {
        IdTemplate? id = request.Id.Length > 0 ? ParseId(request.Id) : null;
        List<Selector> selectors = [.. request.Selectors.Select(ParseSelector)];
        if (request.OriginKind is not ("" or "file" or "admin" or "dev")) throw EntryFailures.Of("origin_kind", request.OriginKind, "is no origin", "write file, admin or dev");
        foreach (Registration.Entry entry in book.Current.Entries)
        {
            if (id is not null && !entry.Id.Equals(id)) continue;
            if (!selectors.TrueForAll(entry.Selectors.Contains)) continue;
            if (request.OriginKind.Length > 0 && !string.Equals(request.OriginKind, EntryMessages.Kind(entry.Origin.Kind), StringComparison.Ordinal)) continue;
            await stream.WriteAsync(EntryMessages.Of(entry, request.ShowSecrets));
        }
    }

    private Task<Protocols.Admin.Entry> Get(GetEntryRequest request, ServerCallContext context)
    {
        EntryChange found = book.Find(request.Name);
        return found.Refusals.IsEmpty ? Task.FromResult(EntryMessages.Of(found.Entries[0], request.ShowSecrets)) : throw EntryFailures.Of(found.Refusals, []);
    }

    private Task<EntriesChanged> Add(AddEntriesRequest request, ServerCallContext context)
    {
        _ = Journal;
        bool isDocument = request.Document.Length > 0;
        if (isDocument == request.Entries.Count > 0) throw EntryFailures.Of("entries", "", isDocument ? "stand beside a document" : "are missing", "give entries, or a document that holds some");
        EntryReading reading = isDocument ? reader.Read(request.Document.Span) : reader.Read([.. request.Entries.Select(EntryMessages.Draft)]);
        if (!reading.Faults.IsEmpty) throw EntryFailures.Of(reading.Faults);
        EntryChange change = Done("add", book.Add(reading.Entries), reading.Entries, context);
        foreach (Registration.Entry entry in change.Entries) LogAdded(entry.Name, entry.Id.Text, Shown(entry), UserId(context), ProcessId(context));
        return Task.FromResult(Answer(change, reading.Warnings));
    }

    private Task<EntriesChanged> Update(UpdateEntryRequest request, ServerCallContext context)
    {
        _ = Journal;
        RepeatedField<string> fields = request.UpdateMask?.Paths ?? [];
        if (fields.Count == 0) throw EntryFailures.Of("update_mask", "", "names nothing to change", "name at least one field of the entry");
        EntrySpec spec = request.Entry ?? new EntrySpec();
        Registration.Entry? old = null;
        EntryReading reading = new([], [], []);
        EntryChange change = book.Update(request.Name, entry =>
        {
            old = entry;
            reading = reader.Read([Changed(EntryDraft.Of(entry), spec, fields)]);
            return reading.Faults.IsEmpty ? reading.Entries[0] : null;
        });
        if (!reading.Faults.IsEmpty) throw EntryFailures.Of(reading.Faults);
        Done("update", change, reading.Entries, context);
        foreach (Registration.Entry entry in change.Entries)
            LogUpdated(old!.Name, string.Join(", ", fields), entry.Name, entry.Id.Text, Shown(entry), UserId(context), ProcessId(context));
        return Task.FromResult(Answer(change, reading.Warnings));
    }

    private Task<EntriesChanged> Remove(RemoveEntriesRequest request, ServerCallContext context)
    {
        _ = Journal;
        bool byId = request.Id.Length > 0;
        if (byId == request.Names.Count > 0) throw EntryFailures.Of("names", "", byId ? "stand beside an id" : "are missing", "name entries, or an id that they grant");
        EntryChange change = Done("remove", byId ? book.RemoveGrants(ParseId(request.Id), request.All) : book.Remove(request.Names), [], context);
        foreach (Registration.Entry entry in change.Entries) LogRemoved(entry.Name, entry.Id.Text, Shown(entry), UserId(context), ProcessId(context));
        return Task.FromResult(Answer(change, []));
    }

    private static EntryDraft Changed(EntryDraft draft, EntrySpec spec, RepeatedField<string> fields)
    {
        foreach (string field in fields)
        {
            draft = EntryMessages.With(draft, spec, field)
                ?? throw EntryFailures.Of("update_mask", field, "is no field of an entry", "write id, selectors, x509_ttl, jwt_ttl, wit_ttl, dns_names, hint or priority");
        }

        return draft;
    }

    /// <summary>The change, when nothing stood against it.</summary>
    private EntryChange Done(string verb, EntryChange change, ImmutableArray<Registration.Entry> written, ServerCallContext context)
    {
        if (change.Refusals.IsEmpty)
        {
            // What it gives is written down again with every SVID: nothing leaves because of this entry alone.
            foreach (Registration.Entry entry in change.Entries)
                Journal.Write(new OperatorEntry { At = time.GetUtcNow(), By = new Operator(UserId(context), ProcessId(context)), Action = verb, Name = entry.Name, SpiffeId = entry.Id.Text });
            return change;
        }

        LogRefused(verb, change.Refusals[0].Reason, change.Refusals.Length, UserId(context), ProcessId(context));
        throw EntryFailures.Of(change.Refusals, written);
    }

    private EntriesChanged Answer(EntryChange change, ImmutableArray<Registration.EntryFault> warnings)
    {
        EntriesChanged answer = new() { KeptIn = book.Place ?? "" };
        answer.Entries.AddRange(change.Entries.Select(e => EntryMessages.Of(e, showSecrets: false)));
        answer.Warnings.AddRange(warnings.Select(EntryMessages.Of));
        return answer;
    }

    private static string Shown(Registration.Entry entry) => string.Join(' ', entry.Selectors.Select(SelectorSecrecy.Shown));

    private static uint UserId(ServerCallContext context) => context.Peer?.UserId ?? uint.MaxValue;

    private static int ProcessId(ServerCallContext context) => context.Peer?.ProcessId ?? 0;

    private IdTemplate ParseId(string text) => IdTemplate.TryParse(text, trustDomain, out IdTemplate? id, out string? fault)
        ? id
        : throw EntryFailures.Of("id", text, fault, "write a path such as /web, or a whole SPIFFE ID of this trust domain");

    private static Selector ParseSelector(string text) => Selector.TryParse(text, out Selector selector, out string? fault)
        ? selector
        : throw EntryFailures.Of("selectors", SelectorSecrecy.Shown(text), $"is not a selector: {fault}", "write type:key:value, such as unix:uid:1001");
}
