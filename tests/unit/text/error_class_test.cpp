#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/text/error_class.h>

#include "text/errors/patterns.h"
#include "text/errors/words.h"

namespace vitals::text {
namespace {

struct Said {
  const char* type;
  const char* message;
};

void check(const std::vector<Said>& all) {
  for (const auto& [type, message] : all) {
    INFO(message);
    CHECK(error_class(message) == type);
  }
}

TEST_CASE("messages of OpenAI and Azure OpenAI are classed") {
  check({
      {"rate_limit",
       "Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o in organization "
       "org-AbC123 on tokens per min (TPM): Limit 30000, Used 29500, Requested 1200. Please try "
       "again in 1.4s. Visit https://platform.openai.com/account/rate-limits to learn more.', "
       "'type': 'tokens', 'param': None, 'code': 'rate_limit_exceeded'}}"},
      {"rate_limit",
       "Request too large for gpt-4-turbo in organization org-x on tokens per min (TPM): Limit "
       "30000, Requested 47331."},
      {"rate_limit",
       "Rate limit reached for default-gpt-3.5-turbo in organization org-x on requests per min. "
       "Limit: 3 / min. Please add a payment method to your account to increase your rate limit."},
      {"quota",
       "Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check "
       "your plan and billing details. For more information on this error, read the docs: "
       "https://platform.openai.com/docs/guides/error-codes/api-errors.', 'type': "
       "'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}"},
      {"quota", "Billing hard limit has been reached"},
      {"context_length",
       "Error code: 400 - {'error': {'message': \"This model's maximum context length is 8192 "
       "tokens. However, your messages resulted in 9414 tokens. Please reduce the length of the "
       "messages.\", 'type': 'invalid_request_error', 'param': 'messages', 'code': "
       "'context_length_exceeded'}}"},
      {"context_length",
       "Your input exceeds the context window of this model. Please adjust your input and try "
       "again."},
      {"authentication",
       "Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-abc***xyz. You "
       "can find your API key at https://platform.openai.com/account/api-keys.', 'type': "
       "'invalid_request_error', 'code': 'invalid_api_key'}}"},
      {"authentication",
       "The api_key client option must be set either by passing api_key to the client or by "
       "setting the OPENAI_API_KEY environment variable"},
      {"authentication",
       "Access denied due to invalid subscription key or wrong API endpoint. Make sure to "
       "provide a valid key for an active subscription."},
      {"permission", "Country, region, or territory not supported"},
      {"permission", "You must be a member of an organization to use the API."},
      {"permission", "Project `proj_abc` does not have access to model `gpt-5-pro`"},
      {"not_found", "The model `gpt-4-32k` does not exist or you do not have access to it."},
      {"not_found",
       "Error code: 404 - {'error': {'code': 'DeploymentNotFound', 'message': 'The API deployment "
       "for this resource does not exist. If you created the deployment within the last 5 "
       "minutes, please wait a moment and try again.'}}"},
      {"content_filter",
       "Error code: 400 - {'error': {'message': \"The response was filtered due to the prompt "
       "triggering Azure OpenAI's content management policy. Please modify your prompt and "
       "retry.\", 'code': 'content_filter', 'status': 400, 'innererror': {'code': "
       "'ResponsibleAIPolicyViolation', 'content_filter_result': {'hate': {'filtered': False}}}}}"},
      {"content_filter",
       "Your request was rejected as a result of our safety system. Your prompt may contain text "
       "that is not allowed by our safety system."},
      {"content_filter",
       "Invalid prompt: your prompt was flagged as potentially violating our usage policy."},
      {"server_error",
       "The server had an error while processing your request. Sorry about that! You can retry "
       "your request, or contact us through our help center at help.openai.com if the error "
       "persists. (Please include the request ID req_5e1f in your message.)"},
      {"overloaded",
       "That model is currently overloaded with other requests. You can retry your request."},
      {"overloaded", "The engine is currently overloaded, please try again later"},
      {"rate_limit",
       "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version "
       "2024-02-01 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please "
       "retry after 10 seconds."},
      {"bad_request",
       "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
       "'max_completion_tokens' instead."},
      {"bad_request",
       "Invalid schema for response_format 'answer': In context=(), 'additionalProperties' is "
       "required to be supplied and to be false."},
      {"bad_request",
       "An assistant message with 'tool_calls' must be followed by tool messages responding to "
       "each 'tool_call_id'."},
      {"bad_request", "We could not parse the JSON body of your request."},
      {"output_length",
       "Could not parse response content as the length limit was reached - CompletionUsage("
       "completion_tokens=4096, prompt_tokens=120, total_tokens=4216)"},
      {"timeout", "Request timed out."},
      {"network", "Connection error."},
  });
}

TEST_CASE("messages of Anthropic are classed") {
  check({
      {"overloaded",
       "Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error', 'message': "
       "'Overloaded'}}"},
      {"rate_limit",
       R"(429 {"type":"error","error":{"type":"rate_limit_error","message":"This request would )"
       R"(exceed your organization's rate limit of 40,000 input tokens per minute."}})"},
      {"rate_limit", "Number of concurrent connections has exceeded your rate limit."},
      {"context_length",
       R"(400 {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too )"
       R"(long: 208310 tokens > 200000 maximum"}})"},
      {"context_length",
       "input length and `max_tokens` exceed context limit: 188240 + 21333 > 204698, decrease "
       "input length or `max_tokens` and try again"},
      {"quota",
       "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing "
       "to upgrade or purchase credits."},
      {"authentication",
       R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})"},
      {"permission",
       R"({"type":"error","error":{"type":"permission_error","message":"Your API key does not )"
       R"(have permission to use the specified resource."}})"},
      {"not_found",
       R"({"type":"error","error":{"type":"not_found_error","message":"model: claude-9"}})"},
      {"request_too_large",
       R"({"error":{"type":"request_too_large","message":"Request exceeds the maximum size"}})"},
      {"server_error",
       R"({"type":"error","error":{"type":"api_error","message":"Internal server error"}})"},
      {"content_filter", "Output blocked by content filtering policy"},
      {"bad_request",
       "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: "
       "toolu_01. (invalid_request_error)"},
      {"bad_request",
       "Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', "
       "'message': 'messages: at least one message is required'}}"},
      {"refusal", "The model refused to answer (stop_reason: refusal)"},
      {"timeout", "APITimeoutError: Request timed out."},
      {"cancelled", "APIUserAbortError: Request was aborted."},
      {"network", "APIConnectionError: Connection error."},
  });
}

TEST_CASE("messages of Google and Bedrock are classed") {
  check({
      {"rate_limit",
       "google.api_core.exceptions.ResourceExhausted: 429 Resource has been exhausted (e.g. check "
       "quota)."},
      {"rate_limit",
       "429 Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute_per_"
       "project_per_base_model with base model: gemini-1.5-pro."},
      {"quota", "429 You exceeded your current quota, please check your plan and billing details."},
      {"overloaded",
       "503 UNAVAILABLE. {'error': {'code': 503, 'message': 'The model is overloaded. Please try "
       "again later.', 'status': 'UNAVAILABLE'}}"},
      {"overloaded",
       "[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/"
       "v1beta/models/gemini-2.0-flash:generateContent: [503 Service Unavailable] This model is "
       "currently experiencing high demand."},
      {"context_length",
       "400 INVALID_ARGUMENT. The input token count (1208391) exceeds the maximum number of tokens "
       "allowed (1048576)."},
      {"authentication",
       "400 API key not valid. Please pass a valid API key. [reason: \"API_KEY_INVALID\"]"},
      {"authentication",
       "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found."},
      {"permission", "403 PERMISSION_DENIED. The caller does not have permission"},
      {"permission", "Vertex AI API has not been used in project 1234 before or it is disabled."},
      {"not_found",
       "404 models/gemini-pro-9 is not found for API version v1beta, or is not supported for "
       "generateContent."},
      {"timeout", "504 Deadline Exceeded"},
      {"server_error", "500 An internal error has occurred. Please retry or report in the guide"},
      {"bad_request", "400 Request contains an invalid argument."},
      {"content_filter",
       "Response was blocked. The candidate's finish_reason is SAFETY: HARM_CATEGORY_HARASSMENT"},
      {"content_filter", "Invalid operation: finish_reason 4 (RECITATION): prohibited content"},
      {"invalid_output", "Model response ended with finish_reason: MALFORMED_FUNCTION_CALL"},
      {"rate_limit",
       "An error occurred (ThrottlingException) when calling the InvokeModel operation (reached "
       "max retries: 4): Too many requests, please wait before trying again."},
      {"rate_limit",
       "An error occurred (ThrottlingException) when calling the Converse operation: Too many "
       "tokens, please wait before trying again."},
      {"permission",
       "An error occurred (AccessDeniedException) when calling the InvokeModel operation: You "
       "don't have access to the model with the specified model ID."},
      {"context_length",
       "An error occurred (ValidationException) when calling the InvokeModel operation: Input is "
       "too long for requested model."},
      {"bad_request",
       "An error occurred (ValidationException) when calling the InvokeModel operation: Malformed "
       "input request: #: required key [messages] not found, please reformat your input and try "
       "again."},
      {"authentication",
       "An error occurred (ExpiredTokenException) when calling the InvokeModel operation: The "
       "security token included in the request is expired"},
      {"authentication",
       "An error occurred (UnrecognizedClientException) when calling the Converse operation: The "
       "security token included in the request is invalid."},
      {"authentication", "NoCredentialsError: Unable to locate credentials"},
      {"timeout",
       "An error occurred (ModelTimeoutException) when calling the InvokeModel operation: Model "
       "has timed out in processing the request."},
      {"overloaded",
       "ModelNotReadyException: The model is not ready for inference serving right now."},
      {"overloaded",
       "An error occurred (ServiceUnavailableException) when calling the Converse operation "
       "(reached max retries: 4): Bedrock is unable to process your request."},
      {"server_error",
       "ModelErrorException: The system encountered an unexpected error during processing. Try "
       "your request again."},
      {"quota", "ServiceQuotaExceededException: You have exceeded your account limit."},
      {"content_filter", "Bedrock guardrail intervened: GUARDRAIL_INTERVENED"},
      {"not_found", "ResourceNotFoundException: The requested resource could not be found."},
  });
}

TEST_CASE("messages of HTTP clients are classed") {
  check({
      {"timeout",
       "HTTPSConnectionPool(host='api.openai.com', port=443): Read timed out. (read timeout=600)"},
      {"timeout",
       "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: "
       "/v1/messages (Caused by ConnectTimeoutError(<urllib3.connection.HTTPSConnection object at "
       "0x7f2b>, 'Connection to api.example.com timed out. (connect timeout=5)'))"},
      {"network",
       "HTTPConnectionPool(host='localhost', port=11434): Max retries exceeded with url: /api/chat "
       "(Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f>: Failed "
       "to establish a new connection: [Errno 111] Connection refused'))"},
      {"network",
       "('Connection aborted.', RemoteDisconnected('Remote end closed connection without "
       "response'))"},
      {"network",
       "peer closed connection without sending complete message body (incomplete chunked read)"},
      {"network", "httpx.ConnectError: [Errno -3] Temporary failure in name resolution"},
      {"network", "httpx.ConnectError: [Errno 8] nodename nor servname provided, or not known"},
      {"network", "httpx.RemoteProtocolError: Server disconnected without sending a response."},
      {"timeout", "httpx.ReadTimeout"},
      {"timeout", "httpcore.PoolTimeout"},
      {"rate_limit",
       "Client error '429 Too Many Requests' for url 'https://api.mistral.ai/v1/chat/completions'\n"
       "For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/429"},
      {"server_error", "Server error '502 Bad Gateway' for url 'https://llm.internal/v1/chat'"},
      {"timeout", "504 Server Error: Gateway Timeout for url: https://api.example.com/v1"},
      {"bad_request", "422 Client Error: Unprocessable Entity for url: http://localhost:8000/v1"},
      {"network",
       "Cannot connect to host api.example.com:443 ssl:default [Connect call failed "
       "('10.0.0.7', 443)]"},
      {"network", "ClientOSError: [Errno 104] Connection reset by peer"},
      {"rate_limit", "429, message='Too Many Requests', url='https://api.groq.com/openai/v1'"},
      {"network",
       "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in "
       "certificate chain (_ssl.c:1007)"},
      {"network", "TypeError: fetch failed"},
      {"network",
       "request to https://api.openai.com/v1/ failed, reason: connect ECONNREFUSED "
       "127.0.0.1:443"},
      {"network", "getaddrinfo ENOTFOUND api.openai.com"},
      {"network", "getaddrinfo EAI_AGAIN api.anthropic.com"},
      {"network", "socket hang up"},
      {"network", "read ECONNRESET"},
      {"network", "write EPIPE"},
      {"timeout", "connect ETIMEDOUT 104.18.6.192:443"},
      {"timeout", "timeout of 30000ms exceeded"},
      {"timeout", "The operation was aborted due to timeout"},
      {"timeout", "Headers Timeout Error (UND_ERR_HEADERS_TIMEOUT)"},
      {"timeout",
       "Post \"https://api.openai.com/v1/chat\": context deadline exceeded (Client.Timeout "
       "exceeded while awaiting headers)"},
      {"cancelled", "AbortError: The user aborted a request."},
      {"cancelled", "This operation was aborted"},
      {"cancelled", "context canceled"},
      {"cancelled", "asyncio.exceptions.CancelledError"},
      {"cancelled", "HTTP 499"},
      {"rate_limit", "Request failed with status code 429"},
      {"overloaded", "HTTP/1.1 503"},
      {"overloaded", "upstream returned 529"},
      {"authentication", "Unexpected status code: 401"},
      {"server_error", "status=500 path=/v1/complete"},
      {"network", "java.net.UnknownHostException: No such host is known (api.openai.com)"},
      {"network", "upstream connect error or disconnect/reset before headers"},
      {"timeout", "java.net.SocketTimeoutException: Read timed out"},
  });
}

TEST_CASE("messages of frameworks, parsers and tools are classed") {
  check({
      {"invalid_output",
       "Could not parse LLM output: `I now know the answer`\nFor troubleshooting, visit: "
       "https://python.langchain.com/docs/troubleshooting/errors/OUTPUT_PARSING_FAILURE"},
      {"invalid_output",
       "langchain_core.exceptions.OutputParserException: Invalid json output: Sure, here it is"},
      {"invalid_output", "Failed to parse Answer from completion {\"score\": \"high\"}. Got: 1"},
      {"invalid_output", "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"},
      {"invalid_output", "Expecting ',' delimiter: line 4 column 18 (char 95)"},
      {"invalid_output", "Unterminated string starting at: line 1 column 2 (char 1)"},
      {"invalid_output", "Extra data: line 2 column 1 (char 34)"},
      {"invalid_output", "SyntaxError: Unexpected token < in JSON at position 0"},
      {"invalid_output", "Unexpected token 'S', \"Sure! Here\"... is not valid JSON"},
      {"invalid_output", "SyntaxError: Unexpected end of JSON input"},
      {"invalid_output",
       "1 validation error for Invoice\ntotal\n  Input should be a valid number, unable to parse "
       "string as a number [type=float_parsing, input_value='twelve', input_type=str]\n    For "
       "further information visit https://errors.pydantic.dev/2.7/v/float_parsing"},
      {"invalid_output",
       "NoObjectGeneratedError: No object generated: response did not match schema."},
      {"invalid_output", "Exceeded maximum retries (1) for output validation"},
      {"invalid_output", "ZodError: [{\"code\":\"invalid_type\",\"expected\":\"string\"}]"},
      {"invalid_output", "The model returned an empty response"},
      {"invalid_output", "missing required field 'summary' in the answer"},
      {"step_limit",
       "Recursion limit of 25 reached without hitting a stop condition. You can increase the limit "
       "by setting the `recursion_limit` config key."},
      {"step_limit", "Agent stopped due to iteration limit or time limit."},
      {"step_limit", "Max turns (10) exceeded"},
      {"tool_failure", "Error executing tool get_weather: 429 Too Many Requests"},
      {"tool_failure", "Tool execution failed: connection refused"},
      {"tool_failure", "Tool 'search_orders' failed after 3 attempts"},
      {"tool_failure", "ToolException: no rows"},
      {"tool_failure", "calculator is not a valid tool, try one of [search, python]."},
      {"tool_failure", "Unknown tool: send_mail"},
      {"tool_failure", "MCP error -32603: Internal error"},
      {"tool_failure",
       "Error code: 400 - {'error': {'message': \"Failed to call a function. Please adjust your "
       "prompt. See 'failed_generation' for more details.\", 'code': 'tool_use_failed'}}"},
      {"content_filter",
       "litellm.ContentPolicyViolationError: AzureException - The response was filtered"},
      {"rate_limit", "litellm.RateLimitError: AnthropicException - Number of requests exceeded"},
      {"context_length", "litellm.ContextWindowExceededError: BadRequestError - too long"},
      {"context_length", "the request exceeds the available context size, try increasing it"},
      {"overloaded", "Model mistralai/Mixtral-8x7B is currently loading"},
      {"out_of_resources",
       "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 39.39 GiB total capacity)"},
      {"out_of_resources", "OSError: [Errno 28] No space left on device"},
      {"refusal", "I'm sorry, but I can't assist with that request."},
      {"refusal", "I\xE2\x80\x99m unable to help with this."},
      {"quota", "Insufficient Balance"},
      {"quota", "402: This request requires more credits, or fewer max_tokens."},
  });
}

TEST_CASE("messages of other providers and libraries are classed") {
  check({
      {"context_length",
       "too many tokens: total number of tokens (prompt and prediction) cannot exceed 4081 - "
       "received 4142. Try using a shorter prompt or a smaller max_tokens value."},
      {"rate_limit", "You are using a Trial key, which is limited to 10 API calls / minute."},
      {"overloaded", "Service tier capacity exceeded for this model."},
      {"invalid_output", "Failed to validate JSON. Please adjust your prompt."},
      {"authentication", "Authorization header is correct, but the token seems invalid"},
      {"permission", "Cannot access gated repo for url https://huggingface.co/x/y."},
      {"context_length",
       "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000"},
      {"overloaded", "Model too busy, unable to get response in less than 60 second(s)"},
      {"not_found", "No endpoints found for acme/model-9."},
      {"server_error", "Provider returned error"},
      {"authentication", "Authentication Fails (no such user)"},
      {"permission", "Access denied due to Virtual Network/Firewall rules."},
      {"bad_request", "Invalid URL (POST /v1/chat/completion)"},
      {"request_too_large", "Invalid 'messages[1].content': string too long."},
      {"permission", "Your organization must be verified to use the model `o3`."},
      {"permission", "You are not allowed to sample from this model"},
      {"network", "Could not connect to the endpoint URL: \"https://bedrock.eu.example.com/\""},
      {"timeout", "Read timeout on endpoint URL: \"https://bedrock.eu.example.com/\""},
      {"not_found", "The provided model identifier is invalid."},
      {"rate_limit", "Too many tokens per day, please wait before trying again."},
      {"rate_limit", "You have exceeded your daily token limit"},
      {"network", "14 UNAVAILABLE: No connection established"},
      {"network", "failed to connect to all addresses; last error: UNKNOWN"},
      {"timeout", "4 DEADLINE_EXCEEDED: Deadline exceeded after 59.9s"},
      {"authentication", "16 UNAUTHENTICATED: Request had invalid authentication credentials"},
      {"cancelled", "1 CANCELLED: Call cancelled"},
      {"timeout", "ConnectTimeoutError: Connect Timeout Error (UND_ERR_CONNECT_TIMEOUT)"},
      {"network", "SocketError: other side closed"},
      {"network", "stream disconnected before completion"},
      {"network", "TypeError: terminated"},
      {"invalid_output", "Received tool input did not match expected schema"},
      {"invalid_output", "Could not extract json string from output: Sure!"},
      {"invalid_output", "Invalid control character at: line 3 column 12 (char 40)"},
      {"invalid_output", "invalid character '<' looking for beginning of value"},
      {"invalid_output", "Error while response validation failed: Invalid JSON: EOF while parsing"},
      {"out_of_resources",
       "model requires more system memory (92.5 GiB) than is available (38.1 GiB)"},
      {"bad_request",
       "Error raised by bedrock service: An error occurred (ValidationException) when calling the "
       "InvokeModel operation: Operation not allowed"},
      {"bad_request",
       "messages.7.content: Conversation blocks and tool use blocks cannot be provided in the same "
       "turn. (Service: BedrockRuntime, Status Code: 400, Request ID: 45c9)"},
      {"bad_request",
       "[API Error: [{ \"error\": { \"code\": 400, \"message\": \"Please ensure that the number of "
       "function response parts is equal to the number of function call parts of the function "
       "call turn.\", \"status\": \"INVALID_ARGUMENT\" } }]]"},
      {"overloaded", "API Error: 529 Overloaded. This is a server-side issue, try again."},
  });
}

TEST_CASE("what nobody knows is not classed") {
  for (const char* message :
       {"", " \n", "429 items were left", "KeyError: 'customer'", "order 4711 is on its way",
        "'NoneType' object has no attribute 'strip'", "the blue one", "\xFF\xFE\x80", "error"}) {
    INFO(message);
    CHECK(error_class(message).empty());
  }
}

TEST_CASE("case, signs and joints of identifiers do not matter") {
  for (const char* message : {"rate_limit_exceeded", "RATE LIMIT EXCEEDED", "RateLimitExceeded",
                              "rate-limit (exceeded)", "x.RateLimitExceededError: y"}) {
    INFO(message);
    CHECK(error_class(message) == "rate_limit");
  }
}

TEST_CASE("of a long message the beginning and the end are read") {
  const std::string filler(100'000, 'x');
  CHECK(error_class("request timed out " + filler) == "timeout");
  CHECK(error_class(filler + "\nrequest timed out") == "timeout");
  CHECK(error_class(filler + " request timed out " + filler).empty());
}

TEST_CASE("words are taken out of identifiers") {
  using Words = std::vector<std::string>;
  CHECK(errors::words_of("JSONDecodeError") == Words{"json", "decode", "error"});
  CHECK(errors::words_of("max_tokens=4096, I can't") ==
        Words{"max", "tokens", "4096", "i", "can't"});
  CHECK(errors::words_of("'quoted' gpt4o") == Words{"quoted", "gpt", "4", "o"});
  CHECK(errors::words_of_message("HTTP/2 503 at https://a.b/rate-limits, 503") ==
        Words{"http", "2", "http:503", "at", "503"});
}

TEST_CASE("every line of the table can be matched, and none is in the way of another") {
  // The plainest message of a line: its first alternatives, without its gaps.
  for (const errors::Pattern& line : errors::patterns()) {
    std::string message;
    for (std::size_t at = 0; at < line.words.size();) {
      const std::size_t end = std::min(line.words.size(), line.words.find(' ', at));
      const std::string_view word = line.words.substr(at, end - at);
      at = end + 1;
      if (word == "..") continue;
      message += (message.empty() ? "" : " ") + std::string(word.substr(0, word.find('|')));
    }
    if (message.starts_with("http:")) message = message.substr(5);
    INFO(line.words << " of " << line.type);
    CHECK(error_class(message) == line.type);
  }
}

}  // namespace
}  // namespace vitals::text
