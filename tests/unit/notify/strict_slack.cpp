#include "strict.h"
#include "strict_fields.h"

namespace vitals::notify::test {
namespace {

/// Every & begins one of the three entities, every < a link that has an end.
void check_mrkdwn(const std::string& text) {
  for (std::size_t at = text.find('&'); at != std::string::npos; at = text.find('&', at + 1)) {
    const bool entity = text.compare(at, 5, "&amp;") == 0 || text.compare(at, 4, "&lt;") == 0 ||
                        text.compare(at, 4, "&gt;") == 0;
    need(entity, "& is not escaped");
  }
  std::size_t open = 0;
  std::size_t close = 0;
  for (const char c : text) {
    open += c == '<' ? 1 : 0;
    close += c == '>' ? 1 : 0;
  }
  need(open == close, "< and > are not pairs");
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    need(text.compare(at, 5, "<http") == 0, "< is no link");
    need(text.find('|', at) < text.find('>', at), "link without text");
  }
}

/// Returns the characters it counts with.
std::size_t check_text(const json& object, const char* type, std::size_t max) {
  Fields fields(object, "text object");
  need(fields.text("type", 1, 20) == type, std::string("text is not ") + type);
  const std::string text = fields.text("text", 1, max);
  if (type == std::string("mrkdwn")) check_mrkdwn(text);
  fields.done();
  return units(text);
}

std::size_t check_section(const json& block) {
  Fields fields(block, "section");
  fields.text("type", 1, 20);
  std::size_t total = 0;
  need(fields.has("text") || fields.has("fields"), "section with nothing in it");
  if (fields.has("text")) total += check_text(fields.at("text"), "mrkdwn", 3'000);
  if (fields.has("fields")) {
    const json& items = fields.at("fields");
    need(!items.empty() && items.size() <= 10, "section with wrong number of fields");
    for (const json& item : items) total += check_text(item, "mrkdwn", 2'000);
  }
  fields.done();
  return total;
}

std::size_t check_block(const json& block) {
  const std::string type = block.at("type");
  if (type == "section") return check_section(block);
  Fields fields(block, type);
  fields.text("type", 1, 20);
  std::size_t total = 0;
  if (type == "header") {
    total = check_text(fields.at("text"), "plain_text", 150);
  } else {
    need(type == "context", "block of type " + type);
    const json& elements = fields.at("elements");
    need(!elements.empty() && elements.size() <= 10, "context with wrong number of elements");
    for (const json& element : elements) total += check_text(element, "mrkdwn", 3'000);
  }
  fields.done();
  return total;
}

void check_message(Fields& body) {
  check_mrkdwn(body.text("text", 1, 4'000));
  const json& blocks = body.at("blocks");
  need(!blocks.empty() && blocks.size() <= 50, "wrong number of blocks");
  std::size_t total = 0;
  for (const json& block : blocks) total += check_block(block);
  need(total <= 13'200, "msg_blocks_too_long");
}

}  // namespace

std::string slack_webhook_fault(const net::Request& request) {
  return fault_of([&request] {
    const json object = json_body(request);
    Fields body(object, "message");
    check_message(body);
    body.done();
  });
}

std::string slack_api_fault(const net::Request& request) {
  return fault_of([&request] {
    const json object = json_body(request);
    need(request.header("authorization") == "Bearer xoxb-test", "not_authed");
    Fields body(object, "message");
    check_message(body);
    body.text("channel", 1, 80);
    if (request.path == "/api/chat.update") {
      body.text("ts", 1, 30);
    } else {
      need(request.path == "/api/chat.postMessage", "unknown_method " + request.path);
    }
    body.done();
  });
}

}  // namespace vitals::notify::test
