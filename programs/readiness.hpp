// What /readyz says.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace orderflow {

struct Readiness {
    explicit Readiness(std::optional<std::string> why = std::nullopt, std::string more = {})
        : why_not(std::move(why)), remark(std::move(more)) {}

    std::optional<std::string> why_not;  // sentences for people; nothing: it is ready
    std::string remark;                  // what a person should know although it is ready
};

}  // namespace orderflow
