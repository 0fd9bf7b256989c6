#pragma once

#include <vitals/query/comments.h>

#include "reading.h"

namespace vitals::query {

/// Comments from raw events, newest block first. Keeps no more than are asked for.
Result<CommentsAnswer> answer_comments(const Sources& sources, const CommentsRequest& request);

}  // namespace vitals::query
