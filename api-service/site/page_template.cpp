#include "api-service/site/page_template.hpp"

namespace orderflow::api {

std::string html_escaped(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': html += "&amp;"; break;
            case '<': html += "&lt;"; break;
            case '>': html += "&gt;"; break;
            case '"': html += "&quot;"; break;
            case '\'': html += "&#39;"; break;
            default: html += c;
        }
    }
    return html;
}

PageValues& PageValues::text(std::string_view name, std::string_view value) {
    return markup(name, html_escaped(value));
}

PageValues& PageValues::markup(std::string_view name, std::string html) {
    values_.insert_or_assign(std::string(name), std::move(html));
    return *this;
}

const std::string* PageValues::find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
}

std::string fill(std::string_view page, const PageValues& values) {
    std::string html;
    while (true) {
        const auto open = page.find("{{");
        const auto close = page.find("}}", open);
        if (open == page.npos || close == page.npos) break;
        html += page.substr(0, open);
        if (const auto* value = values.find(page.substr(open + 2, close - open - 2))) html += *value;
        page.remove_prefix(close + 2);
    }
    return html += page;
}

}  // namespace orderflow::api
