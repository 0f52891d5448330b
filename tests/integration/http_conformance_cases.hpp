// The table of raw requests: what is sent, which answers come back, and whether the connection lives on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace orderflow::net {

enum class Then : std::uint8_t { open, closed };

struct Case {
    std::string name;
    std::string request;
    std::vector<unsigned> answers;  // statuses in their order
    Then then = Then::open;
    std::string body = {};  // of the last answer, where it matters
};

std::vector<Case> all_cases();

}  // namespace orderflow::net
