#include <vitals/base/time_text.h>

#include "strict.h"
#include "strict_fields.h"

namespace vitals::notify::test {
namespace {

void check_time(const std::string& text) { need(parse_rfc3339(text).ok(), "no time: " + text); }

void check_url(const std::string& url) {
  need(url.rfind("http://", 0) == 0 || url.rfind("https://", 0) == 0, "no link: " + url);
  need(url.find_first_of(" \"<>") == std::string::npos, "no link: " + url);
}

void check_details(const json& details) {
  need(details.is_object(), "custom_details are no object");
  for (const auto& [name, value] : details.items()) {
    if (value.is_object()) {
      check_details(value);
    } else {
      need(value.is_string(), name + " is no text");
    }
  }
}

void check_payload(const json& object) {
  Fields payload(object, "payload");
  payload.text("summary", 1, 1'024);
  payload.text("source", 1, 255);
  payload.one_of("severity", {"critical", "error", "warning", "info"});
  if (payload.has("timestamp")) check_time(payload.text("timestamp", 1, 40));
  for (const char* name : {"component", "group", "class"}) {
    if (payload.has(name)) payload.text(name, 1, 255);
  }
  if (payload.has("custom_details")) check_details(payload.at("custom_details"));
  payload.done();
}

}  // namespace

std::string pagerduty_fault(const net::Request& request) {
  return fault_of([&request] {
    need(request.path == "/v2/enqueue", "path " + request.path);
    need(request.body.size() <= 512'000, "event is larger than 512 KB");
    const json object = json_body(request);
    Fields event(object, "event");
    event.text("routing_key", 32, 32);
    event.one_of("event_action", {"trigger", "acknowledge", "resolve"});
    event.text("dedup_key", 1, 255);
    check_payload(event.at("payload"));
    if (event.has("links")) {
      for (const json& link : event.at("links")) {
        Fields fields(link, "link");
        check_url(fields.text("href", 1, 2'048));
        fields.text("text", 1, 255);
        fields.done();
      }
    }
    if (event.has("client")) event.text("client", 1, 255);
    if (event.has("client_url")) check_url(event.text("client_url", 1, 2'048));
    event.done();
  });
}

namespace {

void check_creation(const json& object) {
  Fields body(object, "alert");
  body.text("message", 1, 130);
  body.text("alias", 1, 512);
  body.text("description", 0, 15'000);
  body.text("source", 1, 100);
  body.one_of("priority", {"P1", "P2", "P3", "P4", "P5"});
  if (body.has("entity")) body.text("entity", 1, 512);
  if (body.has("tags")) {
    const json& tags = body.at("tags");
    need(tags.size() <= 20, "too many tags");
    for (const json& tag : tags) {
      need(units(tag) >= 1 && units(tag) <= 50, "a tag of a wrong length");
    }
  }
  if (body.has("details")) {
    std::size_t total = 0;
    for (const auto& [name, value] : body.at("details").items()) {
      total += units(name) + units(value);
    }
    need(total <= 8'000, "details are too long");
  }
  if (body.has("responders")) {
    need(body.at("responders").size() <= 50, "too many responders");
    for (const json& responder : body.at("responders")) {
      Fields fields(responder, "responder");
      const auto type = fields.one_of("type", {"team", "user", "escalation", "schedule"});
      fields.text(type == "user" ? "username" : "name", 1, 100);
      fields.done();
    }
  }
  body.done();
}

}  // namespace

std::string opsgenie_fault(const net::Request& request) {
  return fault_of([&request] {
    const json object = json_body(request);
    need(request.header("authorization") == "GenieKey test-key", "no authorization");
    if (request.path == "/v2/alerts") return check_creation(object);
    const auto& path = request.segments;
    need(path.size() == 4 && path[0] == "v2" && path[1] == "alerts", "path " + request.path);
    need(!path[2].empty() && units(path[2]) <= 512, "alias of a wrong length");
    need(path[3] == "close" || path[3] == "acknowledge", "path " + request.path);
    const std::string* type = request.parameter("identifierType");
    need(type != nullptr && *type == "alias", "identifierType");
    Fields body(object, "request");
    body.text("source", 1, 100);
    body.text("note", 0, 25'000);
    body.done();
  });
}

namespace {

/// Alertmanager 0.25, api/v2 and types.Alert.Validate().
void check_labels(const json& labels) {
  need(labels.is_object() && !labels.empty(), "at least one label pair required");
  for (const auto& [name, value] : labels.items()) {
    need(!name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])), "label " + name);
    for (const char c : name) {
      need(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_', "label " + name);
    }
    need(value.is_string(), "label " + name + " is no text");
  }
}

}  // namespace

std::string alertmanager_fault(const net::Request& request) {
  return fault_of([&request] {
    need(request.path == "/api/v2/alerts", "path " + request.path);
    const json alerts = json_body(request);
    need(alerts.is_array() && !alerts.empty(), "no list of alerts");
    for (const json& alert : alerts) {
      Fields fields(alert, "alert");
      check_labels(fields.at("labels"));
      need(fields.at("labels").contains("alertname"), "no alertname");
      if (!fields.at("annotations").empty()) check_labels(fields.at("annotations"));
      const std::string start = fields.text("startsAt", 1, 40);
      const std::string end = fields.text("endsAt", 1, 40);
      check_time(start);
      check_time(end);
      need(start < end, "start time must be before end time");
      if (fields.has("generatorURL")) check_url(fields.text("generatorURL", 1, 2'048));
      fields.done();
    }
  });
}

namespace {

void check_event(const json& object) {
  Fields event(object, "event");
  need(event.text("specversion", 1, 10) == "1.0", "specversion");
  event.text("id", 1, 200);
  event.text("source", 1, 200);
  event.text("type", 1, 200);
  if (event.has("subject")) event.text("subject", 1, 200);
  check_time(event.text("time", 1, 40));
  event.text("datacontenttype", 1, 100);
  need(event.at("data").is_object(), "data is no object");
  event.done();
}

}  // namespace

std::string cloudevents_fault(const net::Request& request) {
  return fault_of([&request] {
    const std::string type(request.header("content-type"));
    const json object = json_body(request);
    if (type.rfind("application/cloudevents-batch+json", 0) == 0) {
      need(object.is_array() && !object.empty(), "no batch");
      for (const json& event : object) check_event(event);
    } else if (type.rfind("application/cloudevents+json", 0) == 0) {
      check_event(object);
    } else {
      need(request.header("ce-specversion") == "1.0", "ce-specversion");
      for (const char* name : {"ce-id", "ce-source", "ce-type"}) {
        need(!request.header(name).empty(), std::string("no ") + name);
      }
      check_time(std::string(request.header("ce-time")));
      need(object.is_object(), "data is no object");
    }
  });
}

}  // namespace vitals::notify::test
