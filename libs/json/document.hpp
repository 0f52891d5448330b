// Document: owns the memory of one parsed JSON text. All values of it lie in one arena that is freed as a whole: a
// request's tree of strings and vectors cost more than reading its text.
#pragma once

#include <memory>
#include <memory_resource>
#include <string_view>

#include "libs/json/value.hpp"

namespace orderflow::json {

// Movable: its values stay where they are. Reads as its root where a Value is asked for.
class Document {
  public:
    Document() = default;  // null

    const Value& root() const& noexcept { return root_; }
    const Value& root() const&& = delete;  // it would outlive its memory
    operator const Value&() const& noexcept { return root_; }
    operator const Value&() const&& = delete;

    const Value* find(std::string_view name) const& noexcept { return root_.find(name); }
    const Value* find(std::string_view name) const&& = delete;

  private:
    friend class Builder;
    using Arena = std::pmr::monotonic_buffer_resource;

    explicit Document(std::unique_ptr<Arena> arena) noexcept : arena_(std::move(arena)) {}

    std::unique_ptr<Arena> arena_;
    Value root_;
};

}  // namespace orderflow::json
