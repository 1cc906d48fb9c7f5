/* module.c: what libanonlog-parser.so brings to syslog-ng. */
#include <cfg-parser.h>
#include <gmodule.h>
#include <plugin-types.h>
#include <plugin.h>

#include "parser_keywords.h"
#include "template_value.h"

static Plugin plugins[] = {
    {.type = LL_CONTEXT_PARSER, .name = "anonlog", .parser = &anonlog_words},
    TEMPLATE_FUNCTION_PLUGIN(template_value, "anonlog"),
};

G_MODULE_EXPORT gboolean anonlog_parser_module_init(PluginContext *context, CfgArgs *args);

G_MODULE_EXPORT gboolean anonlog_parser_module_init(PluginContext *context, CfgArgs *args) {
  (void)args;
  plugin_register(context, plugins, G_N_ELEMENTS(plugins));
  return TRUE;
}

G_MODULE_EXPORT extern const ModuleInfo module_info;
const ModuleInfo module_info = {
    .canonical_name = "anonlog-parser",
    .version = SYSLOG_NG_VERSION,
    .description = "Takes the people out of access logs: the parser anonlog() and the template function $(anonlog).",
    .core_revision = SYSLOG_NG_SOURCE_REVISION,
    .plugins = plugins,
    .plugins_len = G_N_ELEMENTS(plugins),
};
