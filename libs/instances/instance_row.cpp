#include "libs/instances/instance_row.hpp"

namespace orderflow::instances {
namespace {

constexpr std::array<std::string_view, role_count> programs{"api-service", "worker-service", "orderflow"};
constexpr std::array<std::string_view, role_count> short_names{"api", "worker", "orderflow"};
constexpr std::size_t shown_digits = 6;

}  // namespace

std::string_view to_string(Role role) noexcept { return programs[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view text) noexcept {
    for (std::size_t i = 0; i < programs.size(); ++i) {
        if (programs[i] == text) return static_cast<Role>(i);
    }
    return std::nullopt;
}

Figures& Figures::operator+=(const Figures& other) {
    for (const auto& count : figure_counts) this->*count.member += other.*count.member;
    accept += other.accept;
    settle += other.settle;
    return *this;
}

Figures& Figures::operator-=(const Figures& other) {
    for (const auto& count : figure_counts) this->*count.member -= other.*count.member;
    accept -= other.accept;
    settle -= other.settle;
    return *this;
}

std::string name_of(const InstanceRow& row) {
    return std::string(short_names[static_cast<std::size_t>(row.role)]) + "-" + row.id.substr(0, shown_digits);
}

}  // namespace orderflow::instances
