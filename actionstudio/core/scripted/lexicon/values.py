"""What values are called, in four languages, as in ``deeds``; the kind v is a value, such as those of an enum."""

# ruff: noqa: E501  a line is an entry

TABLE = """
all v: all every everything each whole entire | tous toutes tout toute chaque ensemble | 所有 全部 每个 一切 都 | 모든 모두 전체 전부 다
paid v: paid settled | payee paye payees payes reglee regle | 已付款 已支付 已付 付了款 | 결제된 결제완료 지불된 결제
shipped v: shipped sent dispatched on_the_way | expediee expedie expediees envoyee envoyees | 已发货 发货 寄出 | 배송중 발송된 출고된 배송된 발송
delivered v: delivered arrived received | livree livre livrees livres arrivee recue | 已送达 送达 已收货 到货 签收 | 배달된 배송완료 도착한 도착
refunded v: refunded reimbursed | remboursee rembourse remboursees | 已退款 退款的 | 환불된 환불완료
damaged v: damaged broken defective faulty smashed scratched | abimee abime endommagee endommage casse cassee defectueux | 损坏 坏了 破损 坏 破 | 파손 손상 망가 고장 부서
late v: late delayed too_late delay | retard tard tardive | 迟到 太晚 晚 延误 迟 | 늦 지연 늦게
other v: other else another | autre autres | 其他 其它 别的 | 기타 다른
open v: open opened unresolved | ouvert ouverte ouverts ouvertes | 未解决 打开的 开放 开着的 未处理 待处理 | 열린 미해결 열려
waiting v: waiting pending on_hold | attente attend en_attente suspens | 等待 待处理 等待中 挂起 | 대기 보류 기다리
solved v: solved resolved done closed | resolu resolue resolus resolues regle | 已解决 解决 处理完 | 해결 해결된 처리된
low v: low minor little | basse bas faible mineure | 低 较低 不急 | 낮은 낮음 낮게
normal v: normal medium usual standard regular | normale normal moyenne standard | 普通 一般 正常 中等 标准 | 보통 일반 중간
high v: high urgent important critical asap top_priority | haute haut elevee urgente urgent critique importante | 高 紧急 重要 急 加急 | 높은 높음 긴급 급한 중요 높게
email v: email mail mails emails | email courriel mail courriels mails | 邮件 电子邮件 | 이메일 메일
file v: file files | fichier fichiers | 文件 | 파일
chat v: chat chats conversation conversations messages | discussion discussions conversation chat messagerie | 聊天 对话 聊天记录 | 채팅 대화
active v: active enabled on live | actif active activee | 启用 活跃 激活 | 활성 사용중
inactive v: inactive disabled off | inactif inactive desactivee | 停用 不活跃 禁用 | 비활성 미사용
cancelled v: cancelled canceled | annulee annule annulees | 已取消 | 취소된
new v: new newest latest recent | nouveau nouvelle recent recente dernier derniere | 新 最新 最近 | 새 최신 최근
done v: done finished completed complete | fait faite termine terminee fini | 完成 已完成 做完 | 완료 끝난 마친
draft v: draft | brouillon | 草稿 | 초안 임시
published v: published public | publie publiee public | 已发布 公开 | 게시된 공개
available v: available free in_stock | disponible disponibles libre | 可用 有货 空闲 | 가능 이용가능
sold v: sold | vendu vendue vendus | 已售 卖掉 | 판매된 팔린
failed v: failed failing error | echoue echec erreur | 失败 错误 | 실패 오류
sunny v: sunny sun | ensoleille soleil | 晴 晴天 | 맑음 맑은
small v: small little tiny | petit petite | 小 小号 | 작은 소형
medium v: medium middle | moyen moyenne | 中 中号 | 중간 중형
large v: large big huge | grand grande gros | 大 大号 | 큰 대형
red v: red | rouge | 红 红色 | 빨간 빨강
blue v: blue | bleu bleue | 蓝 蓝色 | 파란 파랑
green v: green | vert verte | 绿 绿色 | 초록 녹색
black v: black | noir noire | 黑 黑色 | 검은 검정
white v: white | blanc blanche | 白 白色 | 흰 하얀
ascending v: asc ascending oldest oldest_first | croissant ancien | 升序 从旧到新 | 오름차순
descending v: desc descending newest_first | decroissant | 降序 从新到旧 | 내림차순
daily v: daily day | quotidien jour | 每天 日 | 매일 일
weekly v: weekly week | hebdomadaire semaine | 每周 周 | 매주 주
monthly v: monthly month | mensuel mois | 每月 月 | 매월 월
celsius v: celsius centigrade metric | celsius metrique | 摄氏 摄氏度 | 섭씨
fahrenheit v: fahrenheit imperial | fahrenheit imperial | 华氏 华氏度 | 화씨
roundrobin v: roundrobin round_robin round-robin in_turn | tour_de_role tourniquet | 轮询 | 라운드로빈
english v: english | anglais anglaise | 英语 英文 | 영어
french v: french | francais francaise | 法语 法文 | 프랑스어
chinese v: chinese | chinois chinoise | 中文 汉语 | 중국어
korean v: korean | coreen coreenne | 韩语 韩文 | 한국어
"""
