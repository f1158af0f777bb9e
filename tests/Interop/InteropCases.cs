namespace Spiffe.Agent.Tests.Interop;

/// <summary>Cases of the public interop test description by their names there, and one of ours at the end.</summary>
public sealed class InteropCases : TheoryData<string>
{
    public InteropCases()
    {
        Add("empty_unary");
        Add("large_unary");
        Add("client_streaming");
        Add("server_streaming");
        Add("ping_pong");
        Add("empty_stream");
        Add("cancel_after_begin");
        Add("cancel_after_first_response");
        Add("timeout_on_sleeping_server");
        Add("status_code_and_message");
        Add("special_status_message");
        Add("unimplemented_method");
        Add("unimplemented_service");
        Add("custom_metadata");
        Add("gzip_unary"); // Ours: large_unary with a compressed request.
    }
}
