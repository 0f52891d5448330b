// The templates of the pages without scripts: {{name}} is replaced by a text, escaped for HTML, or by markup that was
// made from other templates. What comes from a user can only be a text.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace orderflow::api {

// Text as HTML: & < > " ' as character references.
std::string html_escaped(std::string_view text);

// Values for one template.
class PageValues {
  public:
    PageValues& text(std::string_view name, std::string_view value);
    PageValues& markup(std::string_view name, std::string html);

    const std::string* find(std::string_view name) const;

  private:
    std::map<std::string, std::string, std::less<>> values_;  // HTML
};

// The template with every {{name}} replaced; a name without value by nothing. Pure.
std::string fill(std::string_view page, const PageValues& values);

}  // namespace orderflow::api
