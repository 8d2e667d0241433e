/** What Chinese words of the trade are called in code, which is mostly written in English. Pure data. */

const entries = `
按钮 button|版本 version|绑定 bind|保存 save store|报错 error|编辑 edit|编辑器 editor|编码 encode encoding|编译 compile build|变量 variable|标签 tag label|表 table|表单 form
补全 completion complete|布局 layout|部署 deploy|参数 parameter argument option|测试 test|查询 query|差异 diff|插件 plugin extension|插入 insert|常量 constant|超时 timeout|成员 member
程序 program|重命名 rename|重启 restart|重试 retry|重置 reset|窗口 window|创建 create|词 word token|磁盘 disk|错误 error|打包 package bundle|打开 open|代理 proxy agent|登录 login auth
点击 click|调度 schedule scheduler|调试 debug|调用 call invoke|订单 order|订阅 subscribe|定时 timer schedule|队列 queue|对话 conversation chat dialog|对象 object|发布 publish release|发送 send
返回 return|翻译 translate|方法 method|访问 access visit|分词 token tokenize|分页 page pagination|分支 branch|分块 chunk|封装 wrap|服务 service serve|服务器 server|格式 format|格式化 format|更新 update
工具 tool|工厂 factory|构建 build|购物车 cart|关闭 close|管理 manage manager|光标 cursor|规则 rule|滚动 scroll|过滤 filter|函数 function|后台 background|忽略 ignore|回调 callback
缓存 cache|会话 session conversation|激活 activate|计算 compute calculate|计数 count|加密 encrypt|加载 load|监听 listen watch|监视 watch|检查 check validate|键 key|建议 suggest|角色 role
接口 interface api|节点 node|解码 decode|解析 parse parser|界面 view ui|进程 process|进度 progress|禁用 disable|脚本 script|客户端 client|空闲 idle|控制器 controller|库 library|块 block chunk
快捷键 keybinding shortcut|快照 snapshot|扩展 extension extend|类 class|类型 type|历史 history|连接 connect connection|链接 link|列表 list|流 stream|路径 path|路由 route router
密码 password|密钥 key secret|命令 command|模板 template|模块 module|模型 model|目录 directory folder|内存 memory|内容 content|排名 rank|排序 sort order|判断 check|配置 config configuration settings
批量 batch|匹配 match|平台 platform|评分 score|前缀 prefix|启动 start launch|启用 enable|签名 signature sign|请求 request|取消 cancel abort|权限 permission|权重 weight|缺失 missing|任务 task job
日期 date|日志 log logger|入口 entry main|删除 delete remove|上传 upload|上下文 context|设置 settings set config|身份 identity auth|生成 generate|声明 declare declaration|失败 fail failure
时间 time|实例 instance|实现 implement|事件 event|事务 transaction|视图 view|适配器 adapter|释放 dispose release free|收集 collect|首页 home index|属性 property attribute|输出 output|输入 input|数据 data
数据库 database db sql|数组 array|刷新 refresh|搜索 search|算法 algorithm|索引 index|锁 lock mutex|提交 commit submit|提示 prompt hint|替换 replace|添加 add|条件 condition|停止 stop|通知 notify notification
同步 sync|统计 statistics count|头像 avatar|图标 icon|图片 image|推理 inference|退出 exit quit|外部 external|网络 network http|位置 position location|文档 document|文本 text|文件夹 folder directory
问题 question problem|系统 system|下载 download|显示 show display render|线程 thread|限制 limit|响应 response|消息 message|写入 write|心跳 heartbeat|信号 signal|性能 performance|修改 change modify update
修复 fix|虚拟 virtual|选项 option|选择 select choose|选中 selection select|循环 loop cycle|训练 train|延迟 delay latency|验证 validate verify|页面 page|移动 move|依赖 dependency|异步 async|异常 exception error
引擎 engine|引用 reference|隐藏 hide|应用 app application apply|映射 map|用户 user|优先 priority|语法 syntax grammar|语言 language|预测 predict|元素 element|远程 remote|阅读 read|读取 read|运行 run|暂停 pause
展开 expand|折叠 fold collapse|支付 pay payment|直方图 histogram|指标 metric|中断 interrupt abort|终端 terminal|重复 repeat duplicate|主题 theme|注册 register|注释 comment|转换 convert transform|状态 state status
追踪 trace track|资源 resource|字符 character char|字符串 string|字段 field|字体 font|字典 dictionary map|组件 component|作用域 scope|库存 inventory stock|金额 amount price|价格 price|客户 customer client|产品 product
账户 account|发票 invoice|邮件 email mail|地址 address|退款 refund|折扣 discount|计划 plan planner|采样 sample sampling|思考 think thought|回答 answer|恢复 restore resume recover|诊断 diagnostic|归档 archive`;

/** English words by the Chinese one. */
export const glossary: ReadonlyMap<string, readonly string[]> = new Map(
  entries
    .trim()
    .split(/[|\n]/)
    .map((entry) => {
      const [chinese = '', ...english] = entry.trim().split(' ');
      return [chinese, english] as const;
    }),
);

export const longestGlossaryEntry: number = Math.max(...[...glossary.keys()].map(({ length }) => length));
