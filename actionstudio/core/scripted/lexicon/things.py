"""What services keep, in four languages, as in ``deeds``; the kind n is a thing, a what a
thing has, g what says little by itself."""

# ruff: noqa: E501  a line is an entry

TABLE = """
name g: name called named title label | nom nomme nommee appele appelee intitule titre denomme prenom | 名字 名称 叫做 叫 名为 姓名 标题 起名 取名 | 이름 이라는 라는 제목 명칭 불리는
number g: number id identifier code reference ref no. nr | numero identifiant code reference num | 编号 号码 号 代码 标识 序号 | 번호 아이디 코드 식별자 호
description g: description describe text content body details | description descriptif texte contenu corps | 描述 说明 内容 正文 文本 介绍 | 설명 내용 본문 텍스트
status g: status state condition | statut etat situation | 状态 情况 | 상태
reason g: reason cause because why | raison motif cause parce | 原因 理由 因为 | 이유 사유 때문
amount g: amount sum total value | montant somme total valeur | 金额 总额 总计 数额 | 금액 총액 합계 액수
price a: price cost costs charge rate fee worth expensive how_much | prix cout coute tarif frais cher combien_coute | 多少钱 价格 价钱 费用 单价 定价 售价 价 | 가격 비용 요금 값 단가 얼마 얼마야 얼마예요
tax a: tax vat duty | taxe tva impot | 税 税费 税额 税金 | 세금 부가세 세액
quantity a: quantity pieces | quantite pieces | 数量 件 | 수량 개수
limit g: limit most maximum max top first page_size | limite maximum max plus premiers premieres | 最多 上限 限制 前 | 최대 제한 까지만 상위
priority g: priority urgency urgent importance | priorite urgence urgent importance | 优先级 紧急程度 优先 | 우선순위 우선도 긴급도
note n: note remark comment memo | note remarque commentaire memo | 备注 注释 评论 留言 笔记 | 메모 노트 댓글 비고 코멘트
subject n: subject headline title | sujet objet titre | 主题 标题 题目 | 제목 주제
message n: message text words | message texte | 消息 信息 留言 短信 | 메시지 문자
date g: date day when | date jour quand | 日期 日 时间 哪天 | 날짜 일자 언제
start g: start from since after begin later | debut depuis partir apres | 开始 从 起 自 以后 之后 | 부터 시작 이후
end g: end until till before up_to | fin jusque jusqu avant | 结束 到 截止 之前 以前 为止 | 까지 종료 이전
time g: time hour clock o'clock | heure temps moment | 时间 小时 点钟 几点 | 시간 시각
year g: year annual | an annee annuel | 年 年份 年度 | 년 년도 연도
month g: month monthly | mois mensuel | 月 月份 | 월 달
week g: week weekly | semaine hebdomadaire | 周 星期 礼拜 | 주 주간
email a: email e-mail mail address | email e-mail courriel mail mel adresse | 邮箱 电子邮件 邮件 邮件地址 电邮 | 이메일 메일 전자우편
phone a: phone telephone mobile call | telephone portable | 电话 手机 | 전화 휴대폰 전화번호
address a: address street | adresse rue | 地址 街道 | 주소
url a: url link website web page site | url lien site page web | 链接 网址 网站 网页 | 링크 주소 웹사이트 사이트
file n: file attachment files | fichier piece-jointe | 文件 附件 档案 | 파일 첨부파일
image n: image picture photo | image photo | 图片 照片 图像 | 이미지 사진 그림
user n: user account member username login somebody someone person people | utilisateur compte membre personne quelqu pseudo | 用户 账号 账户 会员 成员 用户名 人 | 사용자 계정 회원 유저 사람
customer n: customer client buyer shopper | client cliente acheteur | 客户 顾客 买家 | 고객 손님 구매자
consumer n: consumer api_client | consommateur consommatrice | 消费者 使用者 | 소비자 컨슈머
employee n: employee staff worker colleague | employe salarie collegue personnel | 员工 职员 同事 | 직원 사원 동료
company n: company firm business organisation organization | entreprise societe organisation | 公司 企业 组织 | 회사 기업 조직
contact n: contact contacts | contact contacts | 联系人 联络 | 연락처
team n: team teams club squad | equipe equipes club | 球队 队伍 团队 队 | 팀 구단
player n: player players athlete | joueur joueurs joueuse athlete | 球员 选手 运动员 队员 | 선수 플레이어
game n: game games match matches fixture played plays score | match matchs rencontre jeu partie joue jouent jouer score | 比赛 赛事 场次 游戏 | 경기 게임 시합
season n: season seasons | saison saisons | 赛季 季 | 시즌
league n: league | ligue championnat | 联赛 联盟 | 리그
average n: average averages mean | moyenne moyennes moyen | 平均 均值 场均 平均数 | 평균
stats n: stat stats statistics figures numbers score points | statistique statistiques stats chiffres points | 统计 数据 得分 统计数据 | 통계 기록 스탯 득점 성적
weather n: weather forecast temperature rain sunny wind degrees umbrella hot cold meteo sky warm climate coat jacket | meteo temps temperature pluie vent ciel climat chaud froid parapluie previsions pleut pleuvoir manteau | 天气 气温 温度 下雨 天气预报 预报 冷 热 雨伞 风 气候 伞 | 날씨 기온 온도 비 바람 예보 더워 추워 우산 기상
temperature a: temperature degrees | temperature degres | 气温 温度 | 기온 온도
wind a: wind | vent | 风 风速 风力 | 바람 풍속
current g: current now currently present today running | actuel actuelle actuellement maintenant aujourd | 现在 目前 当前 此刻 今天 | 현재 지금 오늘
place n: place location city town where country region spot | lieu endroit ville pays region emplacement localite | 地点 城市 地方 位置 国家 地区 | 장소 도시 위치 지역 나라 곳
todo n: todo todos to-do task tasks chore reminder to_do to_dos todo_list | tache taches todo pense-bete rappel a_faire choses_a_faire doit_faire dois_faire doivent_faire devons_faire dois_je_faire dois_tu_faire doit_il_faire doit_elle_faire devons_nous_faire | 待办 待办事项 任务 代办 事项 提醒 要做 该做 | 할일 할_일 작업 투두 과제
calendar n: calendar agenda event events appointment meeting | calendrier agenda evenement reunion rendez-vous | 日历 日程 活动 会议 | 캘린더 일정 행사 회의 이벤트
order n: order orders purchase purchases | commande commandes achat achats | 订单 单子 单 | 주문 주문서 주문건
delivery n: delivery shipping shipment parcel package | livraison expedition colis | 配送 送货 物流 包裹 快递 | 배송 배달 택배
cart n: cart basket | panier | 购物车 | 장바구니 카트
invoice n: invoice bill receipt | facture recu note | 发票 账单 收据 | 청구서 송장 영수증
payment n: payment payments | paiement paiements | 付款 支付 | 결제 지불
ticket n: ticket tickets support issue issues case complaint helpdesk | ticket tickets support reclamation assistance plainte | 工单 客服 支持 投诉 问题单 | 티켓 문의 지원 불만 고객지원
item n: item items product products article articles goods thing | article articles produit produits objet marchandise | 商品 物品 产品 货品 项目 货 | 상품 제품 물품 아이템 품목 물건
shop n: shop store | magasin boutique | 商店 店 店铺 | 가게 상점 매장
stock a: stock inventory warehouse | stock inventaire entrepot | 库存 仓库 | 재고 창고
category n: category kind type sort tag species | categorie genre type sorte espece etiquette | 类别 分类 类型 种类 标签 品种 | 종류 분류 카테고리 유형 태그
animal n: pet pets animal animals dog cat puppy kitten bird hamster rabbit | animal animaux compagnie chien chat chiot chaton oiseau lapin | 宠物 动物 狗 猫 小狗 小猫 鸟 兔子 | 애완동물 반려동물 동물 강아지 고양이 개 새끼 펫 새 토끼
dog n: dog puppy | chien chiot | 狗 小狗 | 강아지
cat n: cat kitten | chat chaton | 猫 小猫 | 고양이
document n: document documents doc paper passage passages knowledge note notes | document documents dossier passage passages fichier connaissance note notes | 文档 资料 文章 段落 文献 笔记 | 문서 자료 문헌 서류 글 메모
author a: author writer wrote written_by by | auteur autrice redige ecrit_par | 作者 写的 撰写 | 저자 작성자 글쓴이
source a: source origin comes_from | source origine provenance | 来源 出处 | 출처
answer g: answer reply response | reponse | 答复 回答 回复 | 답변 대답 응답
question n: question | question | 问题 提问 | 질문
speaker n: speaker speakers presenter lecturer stage talks | orateur oratrice conferencier conferenciere intervenant intervenante orateurs | 演讲者 讲者 演讲人 嘉宾 讲师 发言人 | 연사 발표자 강연자 스피커
session n: session sessions talk talks lecture programme program presentation gives | session sessions conference conferences expose exposes seance programme presentation intervention | 会议 场次 演讲 讲座 议程 节目 分会 | 세션 강연 발표 프로그램
topic n: topic topics subject subjects theme themes talk_about speak_about talks_about speaks_about | sujet sujets theme themes thematique parle de_quoi | 主题 话题 题目 议题 | 주제 토픽 화제 테마
route n: route routes routing path | route routes chemin routage | 路由 路径 | 라우트 경로 라우팅
upstream n: upstream upstreams backend backends server_group servers | upstream upstreams amont backend groupe_de_serveurs serveurs | 上游 后端 服务器组 | 업스트림 백엔드 서버그룹
service n: service services | service services | 服务 | 서비스
plugin n: plugin plugins extension addon | plugin plugins extension greffon module | 插件 扩展 | 플러그인 확장
gateway n: gateway proxy | passerelle | 网关 | 게이트웨이
server n: server servers host node nodes | serveur serveurs hote noeud noeuds | 服务器 主机 节点 | 서버 호스트 노드
method n: method methods verb | methode methodes | 方法 | 메서드 메소드 방식
request n: request requests call | requete requetes appel | 请求 | 요청
path n: path uri | chemin uri | 路径 | 경로
retry g: retry retries attempts | essais tentatives relances | 重试 次数 | 재시도
key n: key token password secret credential credentials | cle jeton mot-de-passe secret identifiants | 密钥 令牌 密码 凭证 | 키 토큰 비밀번호
version g: version v1 v2 older newer old | version ancienne ancien nouvelle | 版本 旧版 新版 | 버전 구버전 신버전
v1 n: v1 first_version version_1 old older version_one plain simple ancienne_version | v1 version_un ancien ancienne simple | v1 旧版 第一版 旧 老版本 | v1 구버전 옛
v2 n: v2 second_version version_2 newer newest latest version_two | v2 version_deux nouvelle_version recente | v2 新版 第二版 新版本 | v2 신버전 최신
film n: movie film movies | film films | 电影 影片 | 영화
book n: book books novel | livre livres roman | 书 图书 书籍 | 책 도서
music n: music song songs track album | musique chanson chansons morceau | 音乐 歌曲 歌 | 음악 노래 곡
recipe n: recipe recipes dish meal food | recette recettes plat repas | 菜谱 食谱 菜 | 요리 레시피 음식
restaurant n: restaurant restaurants | restaurant restaurants | 餐厅 饭店 | 식당 음식점
hotel n: hotel hotels room rooms | hotel hotels chambre chambres | 酒店 房间 宾馆 | 호텔 방 객실
flight n: flight flights plane | vol vols avion | 航班 飞机 机票 | 항공편 비행기 항공
train n: train trains | train trains | 火车 列车 高铁 | 기차 열차
car n: car cars vehicle | voiture voitures vehicule | 汽车 车 车辆 | 자동차 차 차량
currency a: currency money exchange | devise monnaie argent change | 货币 汇率 钱 | 통화 환율 돈
news n: news headlines | nouvelles actualites infos | 新闻 头条 | 뉴스 소식
project n: project projects | projet projets | 项目 工程 | 프로젝트
course n: course courses lesson class | cours lecon classe | 课程 课 | 강의 수업 강좌
student n: student students pupil | etudiant eleve | 学生 | 학생
report n: report reports | rapport rapports | 报告 报表 | 보고서 리포트
line a: line lines row | ligne lignes | 行 条目 明细 | 행 줄 항목
language n: language | langue | 语言 | 언어
review n: review reviews rating | avis note critique | 评价 评分 | 리뷰 평점 후기
"""
