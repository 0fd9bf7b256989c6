#include <vitals/query/comments.h>
#include <vitals/text/topics.h>

#include "answer.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

constexpr std::uint32_t kTopicsDefault = 20;
constexpr std::uint32_t kTopicsMax = 100;

struct TopicsRequest {
  query::CommentsRequest comments;
  text::TopicOptions options;
};

Result<TopicsRequest> topics_request(const net::Request& in, const Services& services) {
  if (auto known = only_parameters(in, {"window", "from", "to", "filter", "limit"}); !known) {
    return known.error();
  }
  TopicsRequest out;
  auto subject = subject_parameters(in, services, "7d");
  if (!subject) return subject.error();
  out.comments.from_ms = subject->range.from_ms;
  out.comments.to_ms = subject->range.to_ms;
  out.comments.filters = std::move(subject->filters);
  const auto limit = integer_parameter(in, "limit", kTopicsDefault, kTopicsMax);
  if (!limit) return limit.error();
  out.options.topics_max = *limit;
  out.options.comments_min = services.queries.options().min_group;
  return out;
}

Json number_or_null(const std::optional<double>& number) { return number ? Json(*number) : Json(); }

Json topic_json(const text::Topic& topic, std::size_t comments) {
  Json highlights = Json::array();
  for (const text::Highlight& one : topic.highlights) {
    highlights.push_back({{"text", one.text}, {"sentiment", number_or_null(one.sentiment)}});
  }
  return {{"topic", topic.phrase},
          {"comments", topic.comments},
          {"share", static_cast<double>(topic.comments) / static_cast<double>(comments)},
          {"rating", number_or_null(topic.rating)},
          {"sentiment", number_or_null(topic.sentiment)},
          {"highlights", std::move(highlights)}};
}

}  // namespace

void get_feedback_topics(Context& context, const Call& call) {
  const Services& services = context.services;
  const auto request = topics_request(call.request, services);
  if (!request) {
    call.respond(problem(request.error()));
    return;
  }
  const auto found = services.queries.comments(request->comments);
  if (!found) {
    call.respond(problem(found.error()));
    return;
  }
  std::vector<text::Comment> comments;
  comments.reserve(found->comments.size());
  for (const query::KeptComment& one : found->comments) {
    comments.push_back({one.text, one.rating, one.sentiment});
  }
  Json topics = Json::array();
  for (const text::Topic& topic : text::find_topics(comments, request->options)) {
    topics.push_back(topic_json(topic, comments.size()));
  }
  call.respond(json_answer({{"from", found->from_ms},
                            {"to", found->to_ms},
                            {"stored", services.keep_comments},
                            {"comments", comments.size()},
                            {"older_left_out", found->older_left_out},
                            {"min_group", request->options.comments_min},
                            {"topics", std::move(topics)}}));
}

}  // namespace vitals::api
