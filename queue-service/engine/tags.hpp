// Cost allocation tags of a queue: kept for the owner, without effect on the queue.
#pragma once

#include <map>
#include <string>

#include "libs/base/result.hpp"

namespace orderflow::queue {

using Tags = std::map<std::string, std::string>;

// invalid_input "queue.tag_invalid" (key: 1 to 128 characters, value: up to 256; in UTF-8, counted in code points),
// "queue.too_many_tags" for more than 50.
Result<void> validate(const Tags& tags);

}  // namespace orderflow::queue
